/**
 * Images at another spacing or shape.
 *
 * @module
 */
import { linearWeights, resampledAffine, resampleGrid } from "./resample_grid.ts";
import { spacingOf } from "./volume.ts";
import type { Shape, Spacing, Volume, VoxelArray } from "./volume.ts";

/**
 * The image at `spacing` (as nearly as whole voxels allow, see resample_grid.ts), trilinearly interpolated.
 *
 * @param volume Intensities of any type.
 * @param spacing Target [z, y, x] in mm.
 */
export function resampleImage(volume: Volume, spacing: Spacing): Volume<Float32Array> {
  return resizeImage(
    volume,
    resampleGrid(volume.shape, { spacing: spacingOf(volume.affine), target: spacing }),
  );
}

/**
 * The image over the same box with `shape` voxels, trilinearly interpolated: the way back from another spacing.
 *
 * @param shape Target [depth, height, width].
 */
export function resizeImage(volume: Volume, shape: Shape): Volume<Float32Array> {
  const [depth, height, width] = shape;
  const plane = height * width;
  const data = new Float32Array(depth * plane);
  const { lower, upper, weight } = linearWeights(depth, volume.shape[0]);
  const planes = resizedPlanes(volume, shape);
  for (let z = 0; z < depth; z++) {
    const below = planes(lower[z]!);
    const above = planes(upper[z]!);
    const w = weight[z]!;
    const offset = z * plane;
    for (let i = 0; i < plane; i++) data[offset + i] = below[i]! + w * (above[i]! - below[i]!);
  }
  return { data, shape, affine: resampledAffine(volume.affine, { from: volume.shape, to: shape }) };
}

/** Source planes resized to [height, width], the last two kept: interpolation along z asks for them in order. */
function resizedPlanes({ data, shape: [, sourceHeight, sourceWidth] }: Volume, [, height, width]: Shape) {
  const rows = linearWeights(height, sourceHeight);
  const columns = linearWeights(width, sourceWidth);
  const row = new Float64Array(sourceWidth);
  const kept: { index: number; plane: Float32Array }[] = [
    { index: -1, plane: new Float32Array(height * width) },
    { index: -1, plane: new Float32Array(height * width) },
  ];

  const resize = (index: number, target: Float32Array) => {
    const offset = index * sourceHeight * sourceWidth;
    for (let y = 0, to = 0; y < height; y++) {
      blendRows(data, {
        below: offset + rows.lower[y]! * sourceWidth,
        above: offset + rows.upper[y]! * sourceWidth,
        weight: rows.weight[y]!,
        row,
      });
      for (let x = 0; x < width; x++, to++) {
        const left = row[columns.lower[x]!]!;
        target[to] = left + columns.weight[x]! * (row[columns.upper[x]!]! - left);
      }
    }
  };
  return (index: number): Float32Array => {
    const slot = kept[index % 2]!;
    if (slot.index !== index) {
      resize(index, slot.plane);
      slot.index = index;
    }
    return slot.plane;
  };
}

function blendRows(
  data: VoxelArray,
  { below, above, weight, row }: { below: number; above: number; weight: number; row: Float64Array },
): void {
  for (let x = 0; x < row.length; x++) {
    row[x] = data[below + x]! + weight * (data[above + x]! - data[below + x]!);
  }
}

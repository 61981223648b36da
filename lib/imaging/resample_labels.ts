/**
 * Label maps at another spacing or shape.
 *
 * @module
 */
import { eachAxis } from "./each_axis.ts";
import { linearWeights, nearestIndices, resampledAffine, resampleGrid } from "./resample_grid.ts";
import { spacingOf } from "./volume.ts";
import type { Shape, Spacing, Volume } from "./volume.ts";

export interface ResampleLabelsOptions {
  /**
   * `linear`: every label's mask is interpolated trilinearly and the largest wins, the smaller label where two are
   * equal. `nearest`: the label of the voxel that the new centre lies in.
   * @default "linear"
   */
  method?: "linear" | "nearest";
}

/** Masks equal up to this are a tie: the order of additions must not decide. */
const TIE = 1e-9;

/**
 * The label map at `spacing` (as nearly as whole voxels allow, see resample_grid.ts).
 *
 * @param spacing Target [z, y, x] in mm.
 */
export function resampleLabels(
  volume: Volume<Uint8Array>,
  spacing: Spacing,
  options: ResampleLabelsOptions = {},
): Volume<Uint8Array> {
  const shape = resampleGrid(volume.shape, { spacing: spacingOf(volume.affine), target: spacing });
  return resizeLabels(volume, shape, options);
}

/**
 * The label map over the same box with `shape` voxels: the way back from another spacing.
 *
 * @param shape Target [depth, height, width].
 */
export function resizeLabels(
  volume: Volume<Uint8Array>,
  shape: Shape,
  { method = "linear" }: ResampleLabelsOptions = {},
): Volume<Uint8Array> {
  const data = method === "linear" ? resizeLinear(volume, shape) : resizeNearest(volume, shape);
  return { data, shape, affine: resampledAffine(volume.affine, { from: volume.shape, to: shape }) };
}

/**
 * A voxel between eight equal labels is that label: only where they differ (near surfaces) are masks weighed, and of
 * at most eight labels, so the cost does not grow with the number of organs.
 */
function resizeLinear(
  { data, shape: source }: Volume<Uint8Array>,
  target: Shape,
): Uint8Array {
  const [depth, height, width] = target;
  const [planes, rows, columns] = eachAxis((axis) => linearWeights(target[axis], source[axis]));
  const stride = source[2];
  const result = new Uint8Array(depth * height * width);
  const corners = new Uint8Array(8);
  const heaviest = createVote(corners);
  let to = 0;
  for (let z = 0; z < depth; z++) {
    const below = planes.lower[z]! * source[1] * stride;
    const above = planes.upper[z]! * source[1] * stride;
    for (let y = 0; y < height; y++) {
      const lower = rows.lower[y]! * stride, upper = rows.upper[y]! * stride;
      const a = below + lower, b = below + upper, c = above + lower, d = above + upper;
      for (let x = 0; x < width; x++) {
        const l = columns.lower[x]!, u = columns.upper[x]!;
        const first = data[a + l]!;
        if (
          data[a + u] === first && data[b + l] === first && data[b + u] === first && data[c + l] === first &&
          data[c + u] === first && data[d + l] === first && data[d + u] === first
        ) {
          result[to++] = first;
          continue;
        }
        corners[0] = first;
        corners[1] = data[a + u]!;
        corners[2] = data[b + l]!;
        corners[3] = data[b + u]!;
        corners[4] = data[c + l]!;
        corners[5] = data[c + u]!;
        corners[6] = data[d + l]!;
        corners[7] = data[d + u]!;
        result[to++] = heaviest(planes.weight[z]!, rows.weight[y]!, columns.weight[x]!);
      }
    }
  }
  return result;
}

/** A function of the weights of the upper z, y and x: which label of `corners` has the largest mask there. */
function createVote(corners: Uint8Array): (wz: number, wy: number, wx: number) => number {
  const mass = new Float64Array(256);
  return (wz, wy, wx) => {
    for (let corner = 0; corner < 8; corner++) {
      mass[corners[corner]!]! += (corner & 4 ? wz : 1 - wz) * (corner & 2 ? wy : 1 - wy) *
        (corner & 1 ? wx : 1 - wx);
    }
    let best = corners[0]!;
    for (let corner = 1; corner < 8; corner++) {
      const label = corners[corner]!;
      const gain = mass[label]! - mass[best]!;
      if (gain > TIE || (gain > -TIE && label < best)) best = label;
    }
    for (let corner = 0; corner < 8; corner++) mass[corners[corner]!] = 0;
    return best;
  };
}

function resizeNearest(
  { data, shape: source }: Volume<Uint8Array>,
  target: Shape,
): Uint8Array {
  const [depth, height, width] = target;
  const [planes, rows, columns] = eachAxis((axis) => nearestIndices(target[axis], source[axis]));
  const result = new Uint8Array(depth * height * width);
  let to = 0;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const row = (planes[z]! * source[1] + rows[y]!) * source[2];
      for (let x = 0; x < width; x++) result[to++] = data[row + columns[x]!]!;
    }
  }
  return result;
}

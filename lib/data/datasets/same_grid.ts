/**
 * Label maps on their scans' grids.
 *
 * @module
 */
import type { Scan } from "../../imaging/load_scan.ts";
import { fromRas, rasGrid, toRas } from "../../imaging/orientation.ts";
import { type Affine, type Shape, spacingOf, type Volume, type VoxelArray } from "../../imaging/volume.ts";
import { eachAxis } from "../../imaging/each_axis.ts";

export interface SameGridOptions {
  /** What the second one is, for the error. @default "its label map" */
  name?: string;
}

/**
 * A label map on its scan's grid.
 *
 * Headers of the two often differ by rounding, or in the code of their transform; and some tools store the same voxels in another order of the
 * axes, or from their other end. What matters is where the voxels are: a map whose voxels all lie at those of the scan is turned.
 *
 * @returns the map with the scan's affine; its own data where they need no turning
 * @throws Error when voxels lie more than half a voxel apart somewhere, however the axes are turned
 */
export function laidOn<T extends VoxelArray>(
  scan: Omit<Volume, "data">,
  map: Volume<T> & Pick<Scan, "path">,
  { name = "its label map" }: SameGridOptions = {},
): Volume<T> {
  const { shape, affine } = scan, problem = apart(scan, map);
  if (!problem) return { data: map.data, shape, affine };
  const grid = rasGrid(scan), turned = toRas(map);
  if (apart(grid, turned)) throw new Error(`${name} must ${problem} (${map.path})`);
  return fromRas({ ...turned, affine: grid.affine }, scan);
}

/** Whether a map must be turned to lie on the scan's grid. */
export function isTurned(scan: Omit<Volume, "data">, map: Omit<Volume, "data">): boolean {
  return apart(scan, map) !== undefined;
}

/** What a map lacks to be on a grid as it is. */
function apart(scan: Omit<Volume, "data">, map: Omit<Volume, "data">): string | undefined {
  if (String(scan.shape) !== String(map.shape)) {
    return `have the image's shape [${scan.shape}], it has [${map.shape}]`;
  }
  const shift = largestShift(scan.affine, map.affine, scan.shape);
  if (shift <= Math.min(...spacingOf(scan.affine)) / 2) return undefined;
  return `lie on the image's grid, a corner is ${shift.toFixed(2)} mm away`;
}

/** The farthest that a corner of the grid moves when one affine replaces the other, mm. */
function largestShift(one: Affine, other: Affine, [depth, height, width]: Shape): number {
  let largest = 0;
  for (const x of [0, width - 1]) {
    for (const y of [0, height - 1]) {
      for (const z of [0, depth - 1]) {
        const shift = eachAxis((row) =>
          [x, y, z, 1].reduce(
            (sum, value, column) => sum + (one[row]![column]! - other[row]![column]!) * value,
            0,
          )
        );
        largest = Math.max(largest, Math.hypot(...shift));
      }
    }
  }
  return largest;
}

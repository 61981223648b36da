/**
 * Whether a label map belongs to its scan's grid.
 *
 * @module
 */
import type { Scan } from "../../imaging/load_scan.ts";
import { type Affine, type Shape, spacingOf, type Volume } from "../../imaging/volume.ts";
import { eachAxis } from "../../imaging/each_axis.ts";

export interface SameGridOptions {
  /** What the second one is, for the error. @default "its label map" */
  name?: string;
}

/**
 * Headers of a scan and its label map often differ by rounding, or in the code of their transform; what matters is where
 * the voxels are.
 *
 * @throws Error when the shapes differ, or when voxels lie more than half a voxel apart somewhere
 */
export function assertSameGrid(
  scan: Omit<Volume, "data">,
  labelMap: Omit<Volume, "data"> & Pick<Scan, "path">,
  { name = "its label map" }: SameGridOptions = {},
): void {
  if (String(scan.shape) !== String(labelMap.shape)) {
    throw new Error(
      `${name} must have the image's shape [${scan.shape}], it has [${labelMap.shape}] (${labelMap.path})`,
    );
  }
  const apart = largestShift(scan.affine, labelMap.affine, scan.shape);
  if (apart > Math.min(...spacingOf(scan.affine)) / 2) {
    throw new Error(
      `${name} must lie on the image's grid, a corner is ${apart.toFixed(2)} mm away (${labelMap.path})`,
    );
  }
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

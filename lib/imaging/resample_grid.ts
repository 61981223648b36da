/**
 * The grid rule: how many voxels a volume has at another spacing, and where they lie.
 *
 * An axis of n voxels at spacing s becomes max(1, round(n·s/t)) voxels for a target t. Old and new grid cover the same
 * box from voxel edge to voxel edge, so the new spacing is n·s/m, which is t only up to that rounding, and the centre of
 * new voxel j lies at (j + ½)·n/m − ½ on the old axis. PyTorch calls this `align_corners=False`, SciPy
 * `grid_mode=True`. Voxels centred beyond the old outermost centres take the outermost values.
 *
 * @module
 */
import { eachAxis } from "./each_axis.ts";
import { implausibleResampled } from "./plausible_grid.ts";
import type { Affine, Shape, Spacing } from "./volume.ts";

/**
 * [depth, height, width] at `target` of a volume that has `shape` at `spacing` (both [z, y, x] in mm).
 *
 * @throws RangeError when there would be too many voxels (see plausible_grid.ts)
 */
export function resampleGrid(
  shape: Shape,
  { spacing, target }: { spacing: Spacing; target: Spacing },
): Shape {
  const grid = eachAxis((axis) => Math.max(1, Math.round(shape[axis] * spacing[axis] / target[axis])));
  const problem = implausibleResampled(grid, target);
  if (problem) throw new RangeError(problem);
  return grid;
}

/** The affine of the grid of shape `to` that covers the same box as the grid of shape `from` with `affine`. */
export function resampledAffine(affine: Affine, { from, to }: { from: Shape; to: Shape }): Affine {
  // Per voxel axis x, y, z: shapes are [z, y, x].
  const scale = [from[2] / to[2], from[1] / to[1], from[0] / to[0]];
  const shift = scale.map((value) => (value - 1) / 2);
  const rows = affine.slice(0, 3).map((row) => [
    ...scale.map((value, column) => row[column]! * value),
    row[3]! + shift.reduce((sum, value, column) => sum + row[column]! * value, 0),
  ]);
  return [...rows, [0, 0, 0, 1]];
}

/**
 * For each voxel of an axis of `targetSize`, its two neighbours on an axis of `sourceSize` and the weight of the upper
 * one: value[j] = (1 − weight[j])·source[lower[j]] + weight[j]·source[upper[j]]. On a voxel's centre both are that voxel.
 *
 * `lower` never decreases, so a volume can be interpolated plane after plane while only two source planes are held:
 * target plane j is complete once source plane `upper[j]` is known.
 */
export interface LinearWeights {
  lower: Int32Array;
  upper: Int32Array;
  weight: Float64Array;
}

export function linearWeights(targetSize: number, sourceSize: number): LinearWeights {
  const lower = new Int32Array(targetSize);
  const upper = new Int32Array(targetSize);
  const weight = new Float64Array(targetSize);
  for (let j = 0; j < targetSize; j++) {
    const position = Math.min(Math.max((j + 0.5) * sourceSize / targetSize - 0.5, 0), sourceSize - 1);
    const below = Math.floor(position);
    lower[j] = below;
    weight[j] = position - below;
    upper[j] = position > below ? below + 1 : below;
  }
  return { lower, upper, weight };
}

/** For each voxel of an axis of `targetSize`, the voxel that it lies in on an axis of `sourceSize`. */
export function nearestIndices(targetSize: number, sourceSize: number): Int32Array {
  return Int32Array.from({ length: targetSize }, (_, j) => Math.floor((j + 0.5) * sourceSize / targetSize));
}

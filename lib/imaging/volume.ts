/**
 * A scan or a label map: voxels and their place in the world.
 *
 * @module
 */
import { type Affine, columnLengths, determinant3, linearPart } from "./matrix.ts";

export type { Affine };

/**
 * Every array type a scan's voxels may have. 64-bit integers are held as Float64Array (exact up to 2^53), so that
 * a voxel is always a `number`.
 */
export type VoxelArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** [depth, height, width] = [z, y, x], in voxels. */
export type Shape = [depth: number, height: number, width: number];

/** [z, y, x] in mm. */
export type Spacing = [z: number, y: number, x: number];

/** Voxels in C order over [depth, height, width]: x runs fastest, which is also NIfTI's order on disk. */
export interface Volume<T extends VoxelArray = VoxelArray> {
  data: T;
  shape: Shape;
  affine: Affine;
}

/** Voxel size in mm, [z, y, x]: the lengths of the affine's columns. */
export function spacingOf(affine: Affine): Spacing {
  const [x, y, z] = columnLengths(linearPart(affine));
  return [z, y, x];
}

/** Volume of a voxel, mm³. */
export function voxelVolumeOf(affine: Affine): number {
  return Math.abs(determinant3(linearPart(affine)));
}

/**
 * Boxes of voxels, and typed arrays cut along them.
 *
 * @module
 */
import type { Shape } from "../imaging/volume.ts";
import { eachAxis } from "../imaging/each_axis.ts";

/** A box of voxels. It may reach outside of the scan. */
export interface Region {
  /** First voxel, [z, y, x]; may be negative. */
  start: Shape;
  /** [depth, height, width], in voxels. */
  shape: Shape;
}

export function voxelCount(shape: Shape): number {
  return shape[0] * shape[1] * shape[2];
}

/** The voxels that two boxes have in common; undefined where there are none. */
export function commonRegion(a: Region, b: Region): Region | undefined {
  const [dz, dy, dx] = eachAxis((axis) => {
    const start = Math.max(a.start[axis], b.start[axis]);
    return { start, size: Math.min(a.start[axis] + a.shape[axis], b.start[axis] + b.shape[axis]) - start };
  });
  if (dz.size <= 0 || dy.size <= 0 || dx.size <= 0) return undefined;
  return { start: [dz.start, dy.start, dx.start], shape: [dz.size, dy.size, dx.size] };
}

/**
 * Copies the voxels of `box`, which lies in both.
 *
 * @param source [depth, height, width] of `from`
 * @param target [depth, height, width] of `to`, of the same array type
 */
export function copyRegion<T extends Float32Array | Uint8Array>(
  source: T,
  target: T,
  { box, from, to }: { box: Region; from: Region; to: Region },
): void {
  const [depth, height, width] = box.shape;
  const placeIn = ({ start, shape }: Region, z: number, y: number) =>
    ((box.start[0] + z - start[0]) * shape[1] + box.start[1] + y - start[1]) * shape[2] + box.start[2] -
    start[2];
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const first = placeIn(from, z, y);
      target.set(source.subarray(first, first + width) as never, placeIn(to, z, y));
    }
  }
}

/**
 * Copies a box out of an array; where the box reaches outside, the copy is 0.
 *
 * @param source [depth, height, width] of shape `from`
 * @returns voxels of `region`
 */
export function cutRegion<T extends Float32Array | Uint8Array>(
  source: T,
  { from, region }: { from: Shape; region: Region },
): T {
  const copy = new (source.constructor as new (length: number) => T)(voxelCount(region.shape));
  const whole: Region = { start: [0, 0, 0], shape: from };
  const box = commonRegion(region, whole);
  if (box) copyRegion(source, copy, { box, from: whole, to: region });
  return copy;
}

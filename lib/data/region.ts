/**
 * Boxes of voxels, and typed arrays cut along them.
 *
 * @module
 */
import type { Shape } from "../imaging/volume.ts";

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

/** The part of the region that lies in a scan of the given shape; undefined when there is none. */
export function clipRegion(region: Region, shape: Shape): Region | undefined {
  const start = region.start.map((first) => Math.max(0, first)) as Shape;
  const end = region.start.map((first, axis) => Math.min(shape[axis], first + region.shape[axis]));
  const size = end.map((last, axis) => last - start[axis]) as Shape;
  return size.every((length) => length > 0) ? { start, shape: size } : undefined;
}

/**
 * Copies a box into a larger one of the same array type.
 *
 * @param source [depth, height, width] voxels of `part`
 * @param target voxels of `whole`, which contains `part`
 */
export function pasteRegion<T extends Float32Array | Uint8Array>(
  source: T,
  target: T,
  { part, whole }: { part: Region; whole: Region },
): T {
  const [depth, height, width] = part.shape;
  const [dz, dy, dx] = part.start.map((first, axis) => first - whole.start[axis]);
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const from = (z * height + y) * width;
      const to = ((z + dz) * whole.shape[1] + y + dy) * whole.shape[2] + dx;
      target.set(source.subarray(from, from + width) as never, to);
    }
  }
  return target;
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
  const [, height, width] = region.shape;
  const copy = new (source.constructor as new (length: number) => T)(voxelCount(region.shape));
  const part = clipRegion(region, from);
  if (!part) return copy;
  const [dz, dy, dx] = part.start.map((first, axis) => first - region.start[axis]);
  for (let z = 0; z < part.shape[0]; z++) {
    for (let y = 0; y < part.shape[1]; y++) {
      const row = ((part.start[0] + z) * from[1] + part.start[1] + y) * from[2] + part.start[2];
      const to = ((z + dz) * height + y + dy) * width + dx;
      copy.set(source.subarray(row, row + part.shape[2]) as never, to);
    }
  }
  return copy;
}

/**
 * How an array is cut in chunks.
 *
 * @module
 */
import type { Shape } from "../../imaging/volume.ts";
import type { Region } from "../region.ts";

/**
 * Chunks of near 32 voxels along each axis (a patch of 64³ touches about 27, an axis shorter than 48 is not cut), equally
 * long, because the last chunk of an axis takes the space of a whole one.
 */
export function chunkShapeOf(shape: Shape): Shape {
  return shape.map((length) => Math.ceil(length / Math.max(1, Math.round(length / 32)))) as Shape;
}

/** How many chunks there are along each axis. */
export function chunkCounts(shape: Shape, chunkShape: readonly number[]): Shape {
  return shape.map((length, axis) => Math.ceil(length / chunkShape[axis])) as Shape;
}

/** A chunk by its place in the grid, and the voxels it holds. */
export interface PlacedChunk {
  place: Shape;
  region: Region;
}

/** The chunks that hold voxels of a box, in C order. */
export function* chunksTouched(
  { start, shape }: Region,
  chunkShape: readonly number[],
): Generator<PlacedChunk> {
  const first = start.map((voxel, axis) => Math.floor(voxel / chunkShape[axis]));
  const last = start.map((voxel, axis) => Math.floor((voxel + shape[axis] - 1) / chunkShape[axis]));
  for (let z = first[0]; z <= last[0]; z++) {
    for (let y = first[1]; y <= last[1]; y++) {
      for (let x = first[2]; x <= last[2]; x++) {
        const origin = [z * chunkShape[0], y * chunkShape[1], x * chunkShape[2]];
        yield { place: [z, y, x], region: { start: origin as Shape, shape: chunkShape as Shape } };
      }
    }
  }
}

/**
 * How an array is cut in chunks.
 *
 * @module
 */
import type { Shape } from "../../imaging/volume.ts";
import { eachAxis } from "../../imaging/each_axis.ts";
import type { Region } from "../region.ts";

/**
 * Chunks of near 32 voxels along each axis (a patch of 64³ touches about 27, an axis shorter than 48 is not cut), equally
 * long, because the last chunk of an axis takes the space of a whole one.
 */
export function chunkShapeOf(shape: Shape): Shape {
  return shape.map((length) => Math.ceil(length / Math.max(1, Math.round(length / 32)))) as Shape;
}

/** How many chunks there are along each axis. */
export function chunkCounts(shape: Shape, chunkShape: Shape): Shape {
  return eachAxis((axis) => Math.ceil(shape[axis] / chunkShape[axis]));
}

/** A chunk by its place in the grid, and the voxels it holds. */
export interface PlacedChunk {
  place: Shape;
  region: Region;
}

/** The chunks that hold voxels of a box, in C order. */
export function* chunksTouched({ start, shape }: Region, chunkShape: Shape): Generator<PlacedChunk> {
  const first = eachAxis((axis) => Math.floor(start[axis] / chunkShape[axis]));
  const last = eachAxis((axis) => Math.floor((start[axis] + shape[axis] - 1) / chunkShape[axis]));
  for (let z = first[0]; z <= last[0]; z++) {
    for (let y = first[1]; y <= last[1]; y++) {
      for (let x = first[2]; x <= last[2]; x++) {
        const origin: Shape = [z * chunkShape[0], y * chunkShape[1], x * chunkShape[2]];
        yield { place: [z, y, x], region: { start: origin, shape: chunkShape } };
      }
    }
  }
}

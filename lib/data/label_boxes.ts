/**
 * Where the labels of a map lie.
 *
 * @module
 */
import type { Shape } from "../imaging/volume.ts";
import type { Region } from "./region.ts";

/** First and last voxel along z, y and x, both inclusive. */
interface Box {
  first: Shape;
  last: Shape;
}

/**
 * The smallest box around each code that occurs, but 0, in one pass for all of them.
 *
 * @param labels [depth, height, width] label codes
 */
export function labelBoxes(labels: Uint8Array, shape: Shape): Map<number, Region> {
  const boxes = new Map<number, Box>();
  const [depth, height, width] = shape;
  for (let z = 0, start = 0; z < depth; z++) {
    for (let y = 0; y < height; y++, start += width) {
      // Runs of one code are taken at once.
      for (let x = 0; x < width;) {
        const code = labels[start + x]!;
        const from = x;
        while (++x < width && labels[start + x] === code);
        if (code !== 0) grow(boxes, code, { z, y, from, to: x - 1 });
      }
    }
  }
  return new Map([...boxes].map(([code, { first, last }]) => [code, {
    start: first,
    shape: [last[0] - first[0] + 1, last[1] - first[1] + 1, last[2] - first[2] + 1],
  }]));
}

function grow(
  boxes: Map<number, Box>,
  code: number,
  { z, y, from, to }: { z: number; y: number; from: number; to: number },
): void {
  const box = boxes.get(code);
  if (!box) return void boxes.set(code, { first: [z, y, from], last: [z, y, to] });
  const { first, last } = box;
  first[0] = Math.min(first[0], z);
  last[0] = Math.max(last[0], z);
  first[1] = Math.min(first[1], y);
  last[1] = Math.max(last[1], y);
  first[2] = Math.min(first[2], from);
  last[2] = Math.max(last[2], to);
}

/**
 * Two masks of one organ, cut out of their volumes.
 *
 * Every metric here treats what lies outside a volume as background, so cutting both masks to the box around
 * their union changes no number and makes small organs cheap: all distances run between points of that box.
 *
 * @module
 */
import type { Shape } from "../imaging/volume.ts";

/** Prediction and truth of one organ, 0 or 1, in C order over `shape`. */
export interface MaskPair {
  prediction: Uint8Array;
  truth: Uint8Array;
  /** [depth, height, width] of the box, in voxels; [0, 0, 0] when both masks are empty. */
  shape: Shape;
}

/** First and last voxel along z, y and x, both inclusive; `first > last` when the box is empty. */
interface Box {
  first: Shape;
  last: Shape;
}

/**
 * Cuts one organ's masks out of two label maps.
 *
 * @param prediction [depth, height, width] label codes.
 * @param truth [depth, height, width] label codes.
 * @throws {RangeError} When a map's length does not fit `shape`.
 */
export function cropMaskPairs(
  prediction: Uint8Array,
  truth: Uint8Array,
  options: { shape: Shape; organs: readonly number[] },
): Map<number, MaskPair> {
  const { shape, organs } = options;
  checkLength(prediction, { shape, name: "prediction" });
  checkLength(truth, { shape, name: "truth" });
  const boxes = emptyBoxes();
  growBoxes(boxes, { labels: prediction, shape });
  growBoxes(boxes, { labels: truth, shape });
  return new Map(organs.map((organ) => {
    const { first, last } = boxes[organ]!;
    const length = (axis: 0 | 1 | 2) => Math.max(0, last[axis] - first[axis] + 1);
    const size: Shape = [length(0), length(1), length(2)];
    const crop = (labels: Uint8Array) => cropMask(labels, { shape, organ, first, size });
    return [organ, { prediction: crop(prediction), truth: crop(truth), shape: size }];
  }));
}

function emptyBoxes(): Box[] {
  return Array.from({ length: 256 }, () => ({
    first: [Infinity, Infinity, Infinity],
    last: [-Infinity, -Infinity, -Infinity],
  }));
}

/** Widens the box of every code that occurs, in one pass for all organs. Runs of one code are taken at once. */
function growBoxes(boxes: Box[], options: { labels: Uint8Array; shape: Shape }): void {
  const { labels, shape: [depth, height, width] } = options;
  for (let z = 0, start = 0; z < depth; z++) {
    for (let y = 0; y < height; y++, start += width) {
      for (let x = 0; x < width;) {
        const code = labels[start + x]!;
        const from = x;
        while (++x < width && labels[start + x] === code);
        if (code !== 0) growBox(boxes[code]!, { z, y, from, to: x - 1 });
      }
    }
  }
}

function growBox(box: Box, run: { z: number; y: number; from: number; to: number }): void {
  const { first, last } = box;
  first[0] = Math.min(first[0], run.z);
  last[0] = Math.max(last[0], run.z);
  first[1] = Math.min(first[1], run.y);
  last[1] = Math.max(last[1], run.y);
  first[2] = Math.min(first[2], run.from);
  last[2] = Math.max(last[2], run.to);
}

function cropMask(
  labels: Uint8Array,
  options: { shape: Shape; organ: number; first: Shape; size: Shape },
): Uint8Array {
  const { shape: [, height, width], organ, first, size } = options;
  const mask = new Uint8Array(size[0] * size[1] * size[2]);
  for (let z = 0, to = 0; z < size[0]; z++) {
    for (let y = 0; y < size[1]; y++) {
      let from = ((first[0] + z) * height + first[1] + y) * width + first[2];
      for (let x = 0; x < size[2]; x++) mask[to++] = labels[from++] === organ ? 1 : 0;
    }
  }
  return mask;
}

function checkLength(labels: Uint8Array, options: { shape: Shape; name: string }): void {
  const [depth, height, width] = options.shape;
  if (labels.length === depth * height * width) return;
  throw new RangeError(
    `Cannot score ${options.name}: it must have ${depth}×${height}×${width} = ${
      depth * height * width
    } voxels, ` +
      `current value is ${labels.length}`,
  );
}

/**
 * Two masks of one organ, cut out of their volumes.
 *
 * Every metric here treats what lies outside a volume as background, so cutting both masks to the box around
 * their union changes no number and makes small organs cheap: all distances run between points of that box.
 *
 * @module
 */
import { labelBoxes } from "../data/label_boxes.ts";
import type { Region } from "../data/region.ts";
import { eachAxis } from "../imaging/each_axis.ts";
import type { Shape } from "../imaging/volume.ts";

/** Prediction and truth of one organ, 0 or 1, in C order over `shape`. */
export interface MaskPair {
  prediction: Uint8Array;
  truth: Uint8Array;
  /** [depth, height, width] of the box, in voxels; [0, 0, 0] when both masks are empty. */
  shape: Shape;
  /** Along which of these axes the volume is a single voxel thick: a picture, whose surfaces are its contours. @default none */
  flat?: Flat | undefined;
}

/** [z, y, x] */
export type Flat = [z: boolean, y: boolean, x: boolean];

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
  const flat: Flat = eachAxis((axis) => shape[axis] === 1);
  const [predicted, actual] = [labelBoxes(prediction, shape), labelBoxes(truth, shape)];
  return new Map(organs.map((organ) => {
    const region = aroundBoth(predicted.get(organ), actual.get(organ));
    const crop = (labels: Uint8Array) => cropMask(labels, { shape, organ, region });
    return [organ, { prediction: crop(prediction), truth: crop(truth), shape: region.shape, flat }];
  }));
}

/** The smallest box around both; empty where there is neither. */
function aroundBoth(a: Region | undefined, b: Region | undefined): Region {
  if (!a || !b) return a ?? b ?? { start: [0, 0, 0], shape: [0, 0, 0] };
  const [z, y, x] = eachAxis((axis) => {
    const start = Math.min(a.start[axis], b.start[axis]);
    return { start, size: Math.max(a.start[axis] + a.shape[axis], b.start[axis] + b.shape[axis]) - start };
  });
  return { start: [z.start, y.start, x.start], shape: [z.size, y.size, x.size] };
}

function cropMask(
  labels: Uint8Array,
  options: { shape: Shape; organ: number; region: Region },
): Uint8Array {
  const { shape: [, height, width], organ, region: { start: first, shape: size } } = options;
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

/** Sliding windows as one would write them without a thought for memory: the reference for segment and predictPlanes. */
import { eachAxis } from "../../../lib/imaging/each_axis.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { gaussianWeights, windowStarts } from "../../../lib/inference/windows.ts";
import { opinions } from "./fake_predictor.ts";

export interface NaiveOptions {
  shape: Shape;
  window: Shape;
  classes: number;
  overlap: number;
}

/** Mean of all windows' probabilities by weight, [depth, height, width, class], of the fake predictor's opinions. */
export function naiveProbabilities(image: Float32Array, options: NaiveOptions): Float64Array {
  const { shape, window, classes, overlap } = options;
  // The image in the middle of zeros, at least as long as a window.
  const padded = eachAxis((i) => Math.max(shape[i], window[i]));
  const before = eachAxis((i) => Math.floor((padded[i] - shape[i]) / 2));
  const sums = new Float64Array(padded[0] * padded[1] * padded[2] * classes);
  const norms = new Float64Array(padded[0] * padded[1] * padded[2]);
  const weights = gaussianWeights(window);
  const [zs, ys, xs] = eachAxis((i) => windowStarts(padded[i], window[i], { overlap }));
  const at = (z: number, y: number, x: number) => {
    const [k, j, i] = [z - before[0], y - before[1], x - before[2]];
    const inside = k >= 0 && j >= 0 && i >= 0 && k < shape[0] && j < shape[1] && i < shape[2];
    return inside ? image[(k * shape[1] + j) * shape[2] + i]! : 0;
  };
  for (const z of zs) {
    for (const y of ys) {
      for (const x of xs) {
        const places = voxelsOf(window).map(([k, j, i]): Shape => [z + k, y + j, x + i]);
        const said = opinions(Float32Array.from(places, ([k, j, i]) => at(k, j, i)), classes);
        places.forEach(([k, j, i], place) => {
          const voxel = (k * padded[1] + j) * padded[2] + i;
          norms[voxel]! += weights[place]!;
          for (let c = 0; c < classes; c++) {
            sums[voxel * classes + c]! += weights[place]! * said[place * classes + c]!;
          }
        });
      }
    }
  }
  return Float64Array.from(
    voxelsOf(shape).flatMap(([k, j, i]) => {
      const voxel = ((k + before[0]) * padded[1] + j + before[1]) * padded[2] + i + before[2];
      return Array.from({ length: classes }, (_, c) => sums[voxel * classes + c]! / norms[voxel]!);
    }),
  );
}

/** Trilinear interpolation at the output's voxel centres; the class of the largest, and how far it leads. */
export function naiveLabels(
  probabilities: Float64Array,
  { shape, outputShape, classes }: { shape: Shape; outputShape: Shape; classes: number },
): { labels: Uint8Array; margins: Float64Array } {
  const labels: number[] = [];
  const margins: number[] = [];
  for (const voxel of voxelsOf(outputShape)) {
    const place = eachAxis((i) =>
      Math.min(shape[i] - 1, Math.max(0, (voxel[i] + 0.5) * shape[i] / outputShape[i] - 0.5))
    );
    const values = Array.from({ length: classes }, (_, c) => {
      let value = 0;
      for (const corner of voxelsOf([2, 2, 2])) {
        const index = eachAxis((i) => Math.min(shape[i] - 1, Math.floor(place[i]) + corner[i]));
        const parts = eachAxis((i) => {
          const part = place[i] - Math.floor(place[i]);
          return corner[i] ? part : 1 - part;
        });
        const weight = parts[0] * parts[1] * parts[2];
        value += weight *
          probabilities[((index[0] * shape[1] + index[1]) * shape[2] + index[2]) * classes + c]!;
      }
      return value;
    });
    const [largest, next] = values.toSorted((a, b) => b - a);
    labels.push(values.indexOf(largest!));
    margins.push(largest! - next!);
  }
  return { labels: Uint8Array.from(labels), margins: Float64Array.from(margins) };
}

function voxelsOf([depth, height, width]: Shape): Shape[] {
  return Array.from({ length: depth * height * width }, (_, v): Shape => [
    Math.floor(v / (height * width)),
    Math.floor(v / width) % height,
    v % width,
  ]);
}

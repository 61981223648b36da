/**
 * Sliding-window prediction with memory that does not grow with the scan's length.
 *
 * Windows go in z order over a rolling slab as deep as one window. When no later window can reach a plane, the
 * plane is normalised, handed on, and its memory is used again. Every voxel receives its windows in the same
 * order whatever part of the scan is asked for, so a result does not depend on how the scan was tiled.
 *
 * @module
 */
import { cutRegion } from "../data/region.ts";
import type { Shape } from "../imaging/volume.ts";
import { tf } from "../tensors/tf.ts";
import type { Predictor } from "./predictor.ts";
import { gaussianWeights, windowGrid, type WindowOptions } from "./windows.ts";

export interface SlabOptions extends WindowOptions {
  predictor: Predictor;
  signal?: AbortSignal | undefined;
  /** Called after every window. */
  onWindow?: (() => void) | undefined;
}

/** One finished axial plane. */
export interface PredictedPlane {
  z: number;
  /** [height, width, class] of the region. Valid until the next plane is asked for. */
  probabilities: Float32Array;
}

/**
 * Class probabilities of an image, plane by plane from z = 0 upwards.
 *
 * @param image [depth, height, width] normalised intensities; outside it the network sees 0, the mean
 */
export function* predictPlanes(image: Float32Array, options: SlabOptions): Generator<PredictedPlane> {
  const { shape, predictor, window, region } = options;
  const grid = windowGrid(options);
  const [height, width] = [region.y[1] - region.y[0], region.x[1] - region.x[0]];
  const weights = gaussianWeights(window);
  // Plane z lives at z mod window depth, so nothing is ever moved.
  const sums = new Float32Array(window[0] * height * width * predictor.classes);
  const norms = new Float32Array(window[0] * height * width);
  const plane = new Float32Array(height * width * predictor.classes);
  const slot = (z: number) => ((z % window[0]) + window[0]) % window[0];

  for (const [i, start] of grid.z.entries()) {
    for (const y of grid.y) {
      for (const x of grid.x) {
        options.signal?.throwIfAborted();
        const origin: Shape = [start, y, x];
        const probabilities = predictWindow(image, origin, options);
        accumulate(probabilities, origin);
        options.onWindow?.();
      }
    }
    const end = grid.z[i + 1] ?? start + window[0];
    for (let z = start; z < end; z++) {
      if (z >= 0 && z < shape[0]) yield { z, probabilities: finish(z) };
    }
  }

  function accumulate(probabilities: Float32Array, [z0, y0, x0]: Shape) {
    const [yFrom, yTo] = [Math.max(y0, region.y[0]), Math.min(y0 + window[1], region.y[1])];
    const [xFrom, xTo] = [Math.max(x0, region.x[0]), Math.min(x0 + window[2], region.x[1])];
    for (let z = Math.max(0, z0); z < Math.min(shape[0], z0 + window[0]); z++) {
      for (let y = yFrom; y < yTo; y++) {
        const from = ((z - z0) * window[1] + y - y0) * window[2] + xFrom - x0;
        const to = (slot(z) * height + y - region.y[0]) * width + xFrom - region.x[0];
        accumulateRow(probabilities, { from, to, length: xTo - xFrom });
      }
    }
  }

  /** Everything but this inner loop is of no account. */
  function accumulateRow(probabilities: Float32Array, row: { from: number; to: number; length: number }) {
    const classes = predictor.classes;
    let source = row.from * classes, target = row.to * classes;
    for (let i = 0; i < row.length; i++) {
      const weight = weights[row.from + i]!;
      norms[row.to + i]! += weight;
      for (const end = source + classes; source < end; source++, target++) {
        sums[target]! += weight * probabilities[source]!;
      }
    }
  }

  function finish(z: number): Float32Array {
    const area = height * width, classes = predictor.classes, first = slot(z) * area;
    let from = first * classes, to = 0, total = 0;
    for (let v = first; v < first + area; v++) {
      const scale = 1 / norms[v]!;
      for (const end = from + classes; from < end; from++, to++) total += plane[to] = sums[from]! * scale;
    }
    // Of all comparisons with NaN none holds: background would win, and nobody would be told.
    if (!Number.isFinite(total)) {
      throw new Error(
        `Cannot predict: what the network says must be finite, in plane ${z} it is not; its weights, or the image, are damaged`,
      );
    }
    sums.fill(0, first * classes, (first + area) * classes);
    norms.fill(0, first, first + area);
    return plane;
  }
}

function predictWindow(
  image: Float32Array,
  start: Shape,
  { shape, window, predictor }: SlabOptions,
): Float32Array {
  const crop = cutRegion(image, { from: shape, region: { start, shape: window } });
  const output = tf.tidy(() => predictor.predict(tf.tensor5d(crop, [1, ...window, 1])));
  // Read outside of the tidy, which would look for tensors in every single number it returns.
  const probabilities = output.dataSync() as Float32Array;
  output.dispose();
  return probabilities;
}

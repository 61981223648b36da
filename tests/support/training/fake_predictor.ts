/** Predictors that are pure functions of the window, for tests of everything around the network. */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import type { Predictor } from "../../../lib/inference/predictor.ts";

/** The class is the intensity. */
export function oneHotPredictor(classes: number): Predictor {
  return {
    classes,
    predict: (window) =>
      tf.tidy(() => {
        const values = tf.squeeze<Tensor5D>(window, [4]).toInt();
        return tf.oneHot(values as never, classes).toFloat() as unknown as Tensor5D;
      }),
  };
}

/** How much a window's voxel says for a class: depends on its intensity and on where in the window it is. */
export function opinion(intensity: number, place: number, kind: number): number {
  return 0.5 + 0.5 * Math.sin(1.7 * kind + 3 * intensity * (kind + 1) + 0.9 * place * (kind % 2 ? 1 : -1));
}

/** Probabilities that differ between overlapping windows, so that their weights count. */
export function opinionatedPredictor(classes: number): Predictor & { windows: () => number } {
  let windows = 0;
  return {
    classes,
    windows: () => windows,
    predict(window) {
      windows++;
      const shape = window.shape.slice(1, 4) as Shape;
      return tf.tensor5d(opinions(window.dataSync() as Float32Array, classes), [1, ...shape, classes]);
    },
  };
}

/** {@linkcode opinion} of every voxel, [voxel, class], which sum to one. */
export function opinions(window: Float32Array, classes: number): Float32Array {
  const result = new Float32Array(window.length * classes);
  window.forEach((intensity, voxel) => {
    const all = Array.from({ length: classes }, (_, kind) => opinion(intensity, voxel, kind));
    const sum = all.reduce((a, b) => a + b, 0);
    all.forEach((value, kind) => result[voxel * classes + kind] = value / sum);
  });
  return result;
}

/**
 * The moving average of a network's weights.
 *
 * @module
 */
import type { Tensor, Variable } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import { restoreWeights, snapshotWeights, type Weighted } from "./weights.ts";

/**
 * Share of the average that update t keeps: d = min(decay, 1 - 1/t), so that at first it is the plain mean of what was seen
 * (Tarvainen and Valpola 2017): with the decay alone, weights that were drawn by chance would weigh for 1/(1 - decay) updates.
 */
export function decayAt(update: number, decay: number): number {
  return Math.min(decay, 1 - 1 / Math.max(1, update));
}

/** w ← d·w + (1 - d)·w' */
export function moveTowards(average: Variable, weight: Tensor, decay: number): void {
  const moved = tf.tidy(() => tf.add(tf.mul(average, decay), tf.mul(weight, 1 - decay)));
  average.assign(moved);
  moved.dispose();
}

/** Averages of a model's weights, by their names. */
export interface AveragedWeights extends Weighted {
  /** Takes the present weights in, as after so many updates. */
  update(updates: number): void;
  /** What is done meanwhile, the model does with the averaged weights. */
  during<T>(work: () => Promise<T>): Promise<T>;
  dispose(): void;
}

/** @param decay share of the average that an update keeps, in the long run */
export function averageWeights(model: Weighted, { decay }: { decay: number }): AveragedWeights {
  const entries = Object.entries(model.weights);
  const weights = Object.fromEntries(entries.map(([name, weight]) => [name, tf.variable(weight, false)]));
  return {
    weights,
    update(updates) {
      const kept = decayAt(updates, decay);
      for (const [name, weight] of entries) moveTowards(weights[name]!, weight, kept);
    },
    async during(work) {
      const present = snapshotWeights(model), averaged = snapshotWeights({ weights });
      restoreWeights(model, averaged);
      tf.dispose(averaged);
      try {
        return await work();
      } finally {
        restoreWeights(model, present);
        tf.dispose(present);
      }
    },
    dispose: () => tf.dispose(weights),
  };
}

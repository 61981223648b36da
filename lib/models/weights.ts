/**
 * A model's weights by name: for the optimiser, for checkpoints, for copying one model into another.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Tensor, Variable } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";

/** What has weights. */
export interface Weighted {
  /** By names that do not depend on what else lives in the process, in a fixed order. */
  weights: Record<string, Variable>;
}

/**
 * The weights as they are now. Shares memory with the model until the next update. The caller disposes the tensors.
 */
export function snapshotWeights({ weights }: Weighted): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, tf.clone(weight)]));
}

/**
 * Sets every weight of the model from a snapshot. Names the model does not know are left alone, so a checkpoint may
 * hold more than one model's weights and moments.
 *
 * @throws when a weight is missing or of another shape; the model is then unchanged
 */
export function restoreWeights({ weights }: Weighted, tensors: Record<string, Tensor>): void {
  for (const [name, { shape }] of Object.entries(weights)) {
    const found = tensors[name]?.shape;
    if (!found || found.join() !== shape.join()) {
      throw new Error(
        `Cannot restore weights: ${name} must have shape [${shape}], ` +
          `current value is ${found ? `of shape [${found}]` : "missing"}`,
      );
    }
  }
  // `assign` takes over the data by reference; the snapshot stays valid and the caller's to dispose.
  for (const [name, weight] of Object.entries(weights)) weight.assign(tensors[name]!);
}

/** Equal for equal weights, to the bit. */
export function weightsHash(model: Weighted): string {
  const hash = createHash("sha256");
  const weights = snapshotWeights(model);
  for (const tensor of Object.values(weights)) hash.update(new Uint8Array(tensor.dataSync().slice().buffer));
  tf.dispose(weights);
  return hash.digest("hex").slice(0, 32);
}

/**
 * Prediction similarity (PS), stage 2: other datasets' true labels supervise a full-organ model.
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../tensors/tf.ts";
import { acrossLevels, type LevelLogits } from "../../losses/across_levels.ts";
import type { LabelTargets } from "../../losses/allowed.ts";
import { supervision, type SupervisionOptions } from "../../losses/supervision.ts";
import { symmetricKl } from "./symmetric_kl.ts";

export interface PredictionSimilarityOptions extends SupervisionOptions {
  /** Logits of the model that owns the batch's dataset; needed with klWeight > 0. @default none */
  peer?: Tensor5D;
  /** Weight of the symmetric KL divergence to the peer. */
  klWeight: number;
}

/**
 * PS i←j = L_LS(F_i(x_j), y_j, A_x) + mean_{o ∈ A_x} Dice_o, at all levels that have heads, plus klWeight · symmetric
 * KL(F_i(x_j), F_j(x_j)) at full resolution.
 *
 * @param own model i on a batch of dataset j
 * @param targets tables of the true label sets alone, as the method has it, or of true and pseudo labels
 */
export function predictionSimilarity(
  own: LevelLogits,
  targets: LabelTargets,
  options: PredictionSimilarityOptions,
): Scalar {
  const { peer, klWeight } = options;
  const supervised = acrossLevels(own, targets, (logits, targets) => supervision(logits, targets, options));
  if (klWeight === 0) return supervised;
  if (!peer) {
    throw new Error(
      `Cannot compute prediction similarity: a klWeight of ${klWeight} must come with a peer, current peer is none`,
    );
  }
  return tf.add(supervised, tf.mul(symmetricKl(own.logits, peer, { targets }), klWeight)) as Scalar;
}

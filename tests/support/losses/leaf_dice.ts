/**
 * Leaf Dice, the published Dice for supersets: its test vectors check our tables and sums.
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../../lib/tensors/tf.ts";
import { type LabelTargets, rowTable, rowTotals } from "../../../lib/losses/allowed.ts";
import { isTruth } from "../../../lib/losses/label_set_dice.ts";
import { voxelLogits } from "../../../lib/losses/channels_first.ts";
import { probabilitySums } from "../../../lib/losses/probability_sums.ts";

export interface LeafDiceOptions {
  /** Added to the denominator. @default 1e-5 */
  epsilon?: number;
}

/**
 * Leaf Dice (Fidon et al. 2021, Label-set loss functions for partial supervision): over all channels, background
 * included,
 *
 *     1 − mean_c 2 Σ p_c y_c / (Σ p_c + Σ y_c + ε)
 *
 * with y_c = 1 only where the label is exactly c. Unlike our label-set Dice probability in undecided voxels counts
 * against an organ, and an organ absent from the batch costs a whole share.
 *
 * @param logits [batch, depth, height, width, channel]
 */
export function leafDice(logits: Tensor5D, targets: LabelTargets, options: LeafDiceOptions = {}): Scalar {
  const { epsilon = 1e-5 } = options;
  const truth = rowTable(targets, (table, code, c) => isTruth(table, code, c) ? 1 : 0);
  const all = rowTable(targets, () => 1);
  return tf.tidy(() => {
    const [overlap, mass] = probabilitySums(voxelLogits(logits), targets)([truth, all]);
    const volumes = tf.tensor1d(rowTotals(targets, truth));
    return tf.sub(1, tf.mean(tf.div(tf.mul(overlap, 2), tf.add(mass, volumes.add(epsilon))))) as Scalar;
  });
}

/**
 * Cross-entropy of each organ by itself, where the label says whether it is there.
 *
 * @module
 */
import type { Scalar } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../tensors/tf.ts";
import type { LabelTargets } from "../allowed.ts";
import type { VoxelProbabilities } from "../channels_first.ts";
import { closedForm } from "../closed_form.ts";
import { type LabelSetCrossEntropyOptions, voxelWeight } from "../label_set_cross_entropy.ts";
import { isKnown, isTruth } from "../label_set_dice.ts";
import { voxelTable } from "../voxel_table.ts";

/**
 * Minus the logarithm of the probability that the label is kept by organs that know nothing of each other,
 *
 *     L = −(1/M) Σ_v b(v) w(v) Σ_o k_o(v) [ y_o log p_o + (1 − y_o) log(1 − p_o) ],   p = σ(z),
 *
 * where the label says whether the voxel is o (k_o = 1): y_o = 1 where it is o, 0 where it is another organ, owned or not, or
 * the background of a case that has a label for o. Elsewhere o is free.
 *
 * With the sign s = 1 − 2 y_o, −log of what is kept is softplus(s z) and its slope s σ(s z): neither loses digits where the
 * network is sure.
 *
 * @returns a scalar; 0 without gradient when nothing is known
 */
export function binaryCrossEntropyOf(
  { z }: VoxelProbabilities,
  targets: LabelTargets,
  options: LabelSetCrossEntropyOptions = {},
): Scalar {
  const weightOf = voxelWeight(targets, options);
  return closedForm(z, (z) => {
    const sign = voxelTable(targets, (table, code, c) => isTruth(table, code, c) ? -1 : 1);
    const weight = voxelTable(
      targets,
      (table, code, c) => c > 0 && isKnown(table, code, c) ? weightOf(table, code) : 0,
    );
    const wrong = tf.mul(sign, z);
    return { loss: tf.softplus(wrong), slope: tf.mul(sign, tf.sigmoid(wrong)), weight };
  });
}

/**
 * Supervision by labels, the same for a model's own and for others'.
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import type { LabelTargets } from "./allowed.ts";
import { voxelLogits } from "./channels_first.ts";
import { crossEntropyOf, type LabelSetCrossEntropyOptions } from "./label_set_cross_entropy.ts";
import { diceOf, type LabelSetDiceOptions } from "./label_set_dice.ts";

export interface SupervisionOptions extends LabelSetCrossEntropyOptions, LabelSetDiceOptions {}

/**
 * Label-set cross-entropy plus label-set Dice: in METHOD section 1 `own` (a partial-organ model on its dataset), `full` (a
 * full-organ model on completed labels) and the supervised part of prediction similarity.
 *
 * @param logits [batch, depth, height, width, channel]
 */
export function supervision(
  logits: Tensor5D,
  targets: LabelTargets,
  options: SupervisionOptions = {},
): Scalar {
  return tf.tidy(() => {
    const shared = voxelLogits(logits);
    return tf.add(crossEntropyOf(shared, targets, options), diceOf(shared, targets, options)) as Scalar;
  });
}

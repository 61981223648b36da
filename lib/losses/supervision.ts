/**
 * Supervision by labels, the same for a model's own and for others'.
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import type { LabelTargets } from "./allowed.ts";
import { voxelLogits, type VoxelProbabilities } from "./channels_first.ts";
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
  return supervisionBy(voxelLogits, crossEntropyOf, { ...options, dice: true })(logits, targets);
}

export interface SupervisionByOptions extends SupervisionOptions {
  /** Whether Dice is added to the cross-entropy. */
  dice: boolean;
}

/** A cross-entropy, and label-set Dice of the same probabilities, on logits that are turned once for both. */
export function supervisionBy<V extends VoxelProbabilities>(
  turned: (logits: Tensor5D, targets: LabelTargets) => V,
  crossEntropy: (voxels: V, targets: LabelTargets, options: LabelSetCrossEntropyOptions) => Scalar,
  { dice, ...options }: SupervisionByOptions,
): (logits: Tensor5D, targets: LabelTargets) => Scalar {
  return (logits, targets) =>
    tf.tidy(() => {
      const voxels = turned(logits, targets);
      const value = crossEntropy(voxels, targets, options);
      return dice ? tf.add(value, diceOf(voxels, targets, options)) as Scalar : value;
    });
}

/**
 * Label-set Dice of organs by themselves.
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../tensors/tf.ts";
import type { LabelTargets } from "../allowed.ts";
import { voxelSigmoids } from "../channels_first.ts";
import { diceOf } from "../label_set_dice.ts";

/** Label-set Dice with p = σ(z). @param logits [batch, depth, height, width, organ] */
export function organDice(logits: Tensor5D, targets: LabelTargets): Scalar {
  return tf.tidy(() => diceOf(voxelSigmoids(logits), targets));
}

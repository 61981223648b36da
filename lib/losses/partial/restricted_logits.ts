/**
 * A softmax over the classes that a voxel's label can tell apart, and no others.
 *
 * @module
 */
import type { Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../tensors/tf.ts";
import type { AllowedTable, LabelTargets } from "../allowed.ts";
import { channelsFirst, softmaxOf, type VoxelLogits } from "../channels_first.ts";
import { FORBIDDEN } from "../label_set_cross_entropy.ts";
import { isTruth } from "../label_set_dice.ts";
import { voxelTable } from "../voxel_table.ts";

/**
 * Whether the channel is in METHOD section 0's C_v:
 *
 *     {0} ∪ (A_x ∩ O_i)    organs with a label in the case: those that its background excludes, pseudo-labelled ones, too
 *     all of O_i           where the label allows background alone, such as an organ that the model does not own
 *
 * and the organs of a coarser label where that is given.
 */
export function isCompared(table: AllowedTable, code: number, channel: number): boolean {
  const allows = (code: number, channel: number) => table.allowed[code * table.classes + channel] === 1;
  if (channel === 0 || !allows(0, channel) || isTruth(table, code, 0)) return true;
  return !allows(code, 0) && allows(code, channel);
}

/**
 * Logits for `partialLoss = restricted`: in losses made of them, p = softmax of z over C_v. Channels outside C_v stand outside
 * the normaliser, their p is 0, and no gradient reaches them.
 *
 * A channel is shut out by adding −1e30: its exponential, and with it its p and every product of its p, is exactly 0.
 *
 * @param logits [batch, depth, height, width, channel]
 */
export function restrictedLogits(logits: Tensor5D, targets: LabelTargets): VoxelLogits {
  const shutOut = voxelTable(
    targets,
    (table, code, channel) => isCompared(table, code, channel) ? 0 : FORBIDDEN,
  );
  return softmaxOf(tf.add(channelsFirst(logits), shutOut) as Tensor2D);
}

/**
 * Soft Dice for labels that allow several classes.
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import { allowedCount, type AllowedTable, type LabelTargets, rowTable, rowTotals } from "./allowed.ts";
import { voxelLogits, type VoxelProbabilities } from "./channels_first.ts";
import { probabilitySums } from "./probability_sums.ts";

export interface LabelSetDiceOptions {
  /** Added to numerator and denominator. @default 1e-5 */
  epsilon?: number;
}

/** Whether the label says that the voxel is the channel and nothing else. */
export function isTruth(table: AllowedTable, code: number, channel: number): boolean {
  return table.allowed[code * table.classes + channel] === 1 && allowedCount(table, code) === 1;
}

/** Whether the label says if the voxel is the channel or not. */
export function isKnown(table: AllowedTable, code: number, channel: number): boolean {
  return table.allowed[code * table.classes + channel] === 0 || isTruth(table, code, channel);
}

/**
 * Mean over the organs o that the batch's labels show of
 *
 *     1 − (2 Σ w p_o y_o + ε) / (Σ w k_o p_o + Σ w y_o + ε),      sums over all voxels of the batch,
 *
 * p = softmax(logits), y_o = 1 where the label is o, k_o = 1 where the label says whether the voxel is o, w the label's
 * weight. Voxels where the organ is undecided thus leave numerator and denominator. Organs absent from the
 * batch's truth leave the mean: kept in, they teach small organs to vanish (the cross-entropy still punishes
 * their false positives). Background is no organ.
 *
 * @param logits [batch, depth, height, width, channel]
 * @returns a scalar; 0 without gradient when no organ is present
 */
export function labelSetDice(
  logits: Tensor5D,
  targets: LabelTargets,
  options: LabelSetDiceOptions = {},
): Scalar {
  return tf.tidy(() => diceOf(voxelLogits(logits), targets, options));
}

/** The same on logits that other losses share, and with whatever probabilities p are made of them. */
export function diceOf(
  logits: VoxelProbabilities,
  targets: LabelTargets,
  options: LabelSetDiceOptions = {},
): Scalar {
  const { epsilon = 1e-5 } = options;
  const truth = rowTable(
    targets,
    (table, code, c) => c > 0 && isTruth(table, code, c) ? table.weight[code] : 0,
  );
  const known = rowTable(
    targets,
    (table, code, c) => c > 0 && isKnown(table, code, c) ? table.weight[code] : 0,
  );
  const volumes = rowTotals(targets, truth);
  const present = volumes.map((volume) => volume > 0 ? 1 : 0);
  const organs = present.reduce((a, b) => a + b, 0);
  if (organs === 0) return tf.scalar(0);
  return tf.tidy(() => {
    const [overlap, mass] = probabilitySums(logits, targets)([truth, known]);
    const dice = tf.div(tf.add(tf.mul(overlap, 2), epsilon), tf.add(mass, tf.tensor1d(volumes).add(epsilon)));
    return tf.sum(tf.mul(tf.sub(1, dice), tf.tensor1d(present).div(organs))) as Scalar;
  });
}

/**
 * Soft Dice for labels that allow several classes.
 *
 * @module
 */
import type { Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import { allowedCount, type AllowedTable, type LabelTargets, rowTable, rowTotals } from "./allowed.ts";
import { voxelLogits, type VoxelProbabilities } from "./channels_first.ts";
import { probabilitySums } from "./probability_sums.ts";

export interface LabelSetDiceOptions {
  /** Added to numerator and denominator. @default 1e-5 */
  epsilon?: number;
}

/** Whether the label says that the voxel is one of the channels and nothing else. */
export function isTruth(table: AllowedTable, code: number, ...channels: readonly number[]): boolean {
  return allowedOf(table, code, channels) === allowedCount(table, code);
}

/** Whether the label says if the voxel is one of the channels or not. */
export function isKnown(table: AllowedTable, code: number, ...channels: readonly number[]): boolean {
  return allowedOf(table, code, channels) === 0 || isTruth(table, code, ...channels);
}

/** How many of the channels the label allows. */
function allowedOf({ allowed, classes }: AllowedTable, code: number, channels: readonly number[]): number {
  return channels.reduce((count, channel) => count + allowed[code * classes + channel]!, 0);
}

/**
 * Mean over the organs o that the batch's labels show of
 *
 *     1 − (2 Σ w p_o y_o + ε) / (Σ w k_o p_o + Σ w y_o + ε),      sums over all voxels of the batch,
 *
 * p = softmax(logits), y_o = 1 where the label is o, k_o = 1 where the label says whether the voxel is o, w the label's
 * weight. Voxels where the organ is undecided thus leave numerator and denominator. Organs absent from the
 * batch's truth leave the mean: kept in, they teach small organs to vanish (the cross-entropy still punishes
 * their false positives). Background is no organ. A group of organs S that is annotated in the batch is one more: p_S is the
 * sum of its organs' p, and y_S = 1 where the label is S or lies within it.
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
    (table, code, c) => c > 0 && isTruth(table, code, c) ? table.weight[code]! : 0,
  );
  const known = rowTable(
    targets,
    (table, code, c) => c > 0 && isKnown(table, code, c) ? table.weight[code]! : 0,
  );
  const groups = groupTables(targets);
  const volumes = Float32Array.of(...rowTotals(targets, truth), ...groups.map(({ volume }) => volume));
  const present = volumes.map((volume) => volume > 0 ? 1 : 0);
  const organs = present.reduce((a, b) => a + b, 0);
  if (organs === 0) return tf.scalar(0);
  return tf.tidy(() => {
    const sums = probabilitySums(logits, targets);
    const ofGroups = groups.flatMap((group) => [group.truth, group.known]);
    const [overlaps, masses, ...others] = sums([truth, known, ...ofGroups]);
    const unions = others.map((sums) => tf.reshape(tf.sum(sums), [1]));
    const overlap = joined(overlaps, unions.filter((_, i) => i % 2 === 0));
    const mass = joined(masses, unions.filter((_, i) => i % 2 === 1));
    const dice = tf.div(tf.add(tf.mul(overlap, 2), epsilon), tf.add(mass, tf.tensor1d(volumes).add(epsilon)));
    return tf.sum(tf.mul(tf.sub(1, dice), tf.tensor1d(present).div(organs))) as Scalar;
  });
}

function joined(channels: Tensor, groups: Tensor[]): Tensor {
  return groups.length === 0 ? channels : tf.concat([channels, ...groups]);
}

/**
 * As the tables of organs, of each group that is annotated in the batch: equal on its channels, 0 on others. So are their
 * totals, and the largest is the group's volume.
 */
function groupTables(targets: LabelTargets): { truth: Float32Array; known: Float32Array; volume: number }[] {
  const groups = new Map(targets.tables.flatMap((table) => [...table.groups]));
  return [...groups.values()].map((channels) => {
    const tableOf = (says: typeof isTruth) =>
      rowTable(
        targets,
        (table, code, c) => channels.includes(c) && says(table, code, ...channels) ? table.weight[code]! : 0,
      );
    const truth = tableOf(isTruth);
    return { truth, known: tableOf(isKnown), volume: Math.max(...rowTotals(targets, truth)) };
  });
}

/**
 * Cross-entropy for labels that allow several classes.
 *
 * @module
 */
import type { Scalar, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED } from "../data/label_set.ts";
import { tf } from "../tensors/tf.ts";
import { allowedCount, type AllowedTable, type LabelTargets, sumOverVoxels } from "./allowed.ts";
import { softmaxParts, type VoxelLogits, voxelLogits } from "./channels_first.ts";
import { closedForm } from "./closed_form.ts";
import { foregroundBalance, type LabelFactor } from "./foreground_balance.ts";
import { voxelTable } from "./voxel_table.ts";

export interface LabelSetCrossEntropyOptions {
  /**
   * What the sum is divided by: "all" voxels but ignored ones, or the "constrained" ones, whose label forbids
   * something (for scribbles). @default "all"
   */
  normalise?: "all" | "constrained";
}

/** Added to a logit, low enough to forbid its channel, high enough to stay finite, twice, too. */
export const FORBIDDEN = -1e30;

/**
 * Label-set cross-entropy: minus the logarithm of the probability that the label is kept, averaged over voxels,
 *
 *     L = −(1/M) Σ_v b(v) w(v) [ lse_{c ∈ allowed(v)} z_c(v) − lse_{all c} z_c(v) ],    lse = log Σ exp
 *
 * with w the label's weight and b its side's factor, which is 1 unless the targets have a share of the foreground.
 * A decisive label makes it the ordinary cross-entropy; a partially labelled case's background makes it the marginal
 * (adaptive) one; a label that allows everything costs nothing.
 *
 * The gradient is taken in closed form. ∂ lse_S / ∂z_c = exp(z_c − lse_S) for c in S and 0 outside it, so
 *
 *     ∂L/∂z_c = (b w/M) (p_c − q_c),   p = softmax(z),   q = softmax of z over the allowed channels alone.
 *
 * q is computed from its own maximum, never as p / Σp: with saturated logits Σ_{allowed} p underflows, its logarithm
 * and the quotient do not exist, but p, q and both lse still do.
 *
 * @param logits [batch, depth, height, width, channel]
 * @returns a scalar; 0 without gradient when nothing is constrained
 */
export function labelSetCrossEntropy(
  logits: Tensor5D,
  targets: LabelTargets,
  options: LabelSetCrossEntropyOptions = {},
): Scalar {
  return tf.tidy(() => crossEntropyOf(voxelLogits(logits), targets, options));
}

/** The same on logits that other losses share. */
export function crossEntropyOf(
  { z, softmax }: VoxelLogits,
  targets: LabelTargets,
  options: LabelSetCrossEntropyOptions = {},
): Scalar {
  const { classes } = targets;
  const weightOf = voxelWeight(targets, options);
  return closedForm(z, (z) => {
    const penalty = voxelTable(
      targets,
      (table, code, c) => table.allowed[code * classes + c] ? 0 : FORBIDDEN,
    );
    const kept = softmaxParts(tf.add(z, penalty) as Tensor2D);
    return {
      loss: tf.add(tf.sub(softmax.max, kept.max), tf.log(tf.div(softmax.sum, kept.sum))),
      slope: tf.sub(softmax.probabilities, kept.probabilities),
      weight: voxelTable(targets, weightOf, 1),
    };
  });
}

/** b w / M: what a voxel's own cross-entropy counts for, by its label. */
export function voxelWeight(targets: LabelTargets, options: LabelSetCrossEntropyOptions): LabelFactor {
  const divisor = divisorOf(targets, options), balance = foregroundBalance(targets);
  return (table, code) => balance(table, code) * table.weight[code]! / divisor;
}

/** M: how many voxels the sum is divided by, at least 1. */
function divisorOf(
  targets: LabelTargets,
  { normalise = "all" }: LabelSetCrossEntropyOptions,
): number {
  const counts = (table: AllowedTable, code: number) =>
    normalise === "all" ? code !== IGNORED : allowedCount(table, code) < targets.classes;
  return Math.max(1, sumOverVoxels(targets, (table, code) => counts(table, code) ? 1 : 0));
}

/**
 * Cross-entropy for labels that allow several classes.
 *
 * @module
 */
import type { Scalar, Tensor, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED } from "../data/label_set.ts";
import { tf } from "../tensors/tf.ts";
import { allowedCount, type AllowedTable, type LabelTargets, rowTable, sumOverVoxels } from "./allowed.ts";
import { softmaxParts, type VoxelLogits, voxelLogits } from "./channels_first.ts";
import { spread } from "./label_map.ts";

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
 *     L = −(1/M) Σ_v w(v) [ lse_{c ∈ allowed(v)} z_c(v) − lse_{all c} z_c(v) ],    lse = log Σ exp
 *
 * A decisive label makes it the ordinary cross-entropy; a partially labelled case's background makes it the marginal
 * (adaptive) one; a label that allows everything costs nothing.
 *
 * The gradient is taken in closed form. ∂ lse_S / ∂z_c = exp(z_c − lse_S) for c in S and 0 outside it, so
 *
 *     ∂L/∂z_c = (w/M) (p_c − q_c),   p = softmax(z),   q = softmax of z over the allowed channels alone.
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
  const { map: { rows, hot }, classes } = targets;
  const divisor = divisorOf(targets, options);

  const operation = tf.customGrad((...args: unknown[]) => {
    const [z, save] = args as [Tensor2D, (tensors: Tensor[]) => void];
    const penalties = rowTable(
      targets,
      (table, code, c) => table.allowed[code * classes + c] ? 0 : FORBIDDEN,
    );
    const weights = rowTable(targets, (table, code) => table.weight[code] / divisor, 1);
    const allowed = tf.add(z, spread(tf.tensor2d(penalties, [classes, rows.length]), hot)) as Tensor2D;
    const weight = spread(tf.tensor2d(weights, [1, rows.length]), hot);
    const kept = softmaxParts(allowed);
    const loss = tf.add(tf.sub(softmax.max, kept.max), tf.log(tf.div(softmax.sum, kept.sum)));
    save([tf.mul(tf.sub(softmax.probabilities, kept.probabilities), weight)]);
    return {
      value: tf.sum(tf.mul(loss, weight)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(saved[0], dy),
    };
  });
  return operation(z) as Scalar;
}

/** M: how many voxels the sum is divided by, at least 1. */
export function divisorOf(
  targets: LabelTargets,
  { normalise = "all" }: LabelSetCrossEntropyOptions,
): number {
  const counts = (table: AllowedTable, code: number) =>
    normalise === "all" ? code !== IGNORED : allowedCount(table, code) < targets.classes;
  return Math.max(1, sumOverVoxels(targets, (table, code) => counts(table, code) ? 1 : 0));
}

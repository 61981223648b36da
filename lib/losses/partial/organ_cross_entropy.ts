/**
 * Cross-entropy of each organ by itself, with whatever a label says of it, also a little.
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../tensors/tf.ts";
import type { AllowedTable, LabelTargets } from "../allowed.ts";
import { voxelSigmoids } from "../channels_first.ts";
import { closedForm } from "../closed_form.ts";
import { voxelWeight } from "../label_set_cross_entropy.ts";
import { voxelTable } from "../voxel_table.ts";

/** What a code says of a channel from 1 on: the wanted probability, or undefined: nothing. */
export type WantedProbability = (table: AllowedTable, code: number, channel: number) => number | undefined;

/**
 * −(1/M) Σ_v b(v) w(v) Σ_o k_o(v) [ t_o log p_o + (1 − t_o) log(1 − p_o) ],   p = σ(z),
 *
 * t what is wanted, k 1 where anything is, b, w and M as of the label-set cross-entropy. It is softplus(z) − t z, with the slope σ(z) − t.
 *
 * @param logits [batch, depth, height, width, organ]
 * @returns a scalar; 0 without gradient when nothing is wanted
 */
export function organCrossEntropy(
  logits: Tensor5D,
  targets: LabelTargets,
  wanted: WantedProbability,
): Scalar {
  const weightOf = voxelWeight(targets, {});
  return tf.tidy(() =>
    closedForm(voxelSigmoids(logits).z, (z) => {
      const probability = voxelTable(targets, (table, code, c) => c > 0 ? wanted(table, code, c) ?? 0 : 0);
      const weight = voxelTable(
        targets,
        (table, code, c) => c > 0 && wanted(table, code, c) !== undefined ? weightOf(table, code) : 0,
      );
      return {
        loss: tf.sub(tf.softplus(z), tf.mul(probability, z)),
        slope: tf.sub(tf.sigmoid(z), probability),
        weight,
      };
    })
  );
}

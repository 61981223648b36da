/**
 * What several predictions together decide, as labels that others learn from.
 *
 * @module
 */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { LabelSet } from "../data/label_set.ts";
import { tf } from "../tensors/tf.ts";
import { createLabelMap, type LabelMap } from "./label_map.ts";

/**
 * At each voxel the class of the largest Σ_k s_k softmax(z_k), the lower of equal ones, as its organ's code. No gradient flows.
 *
 * @param logits each [batch, depth, height, width, class], background first
 * @param options `shares`: s_k; `organs`: codes of classes 1, 2, …
 * @returns to be used within `tf.tidy`, as createLabelMap says
 */
export function decidedLabels(
  logits: readonly Tensor5D[],
  { shares, organs }: { shares: readonly number[]; organs: LabelSet },
): LabelMap {
  const classes = tf.tidy(() =>
    tf.argMax(tf.addN(logits.map((one, index) => tf.mul(tf.softmax(one), shares[index]!))), 4)
  );
  const codes = Uint8Array.from(classes.dataSync(), (index) => index === 0 ? 0 : organs[index - 1]!);
  const map = createLabelMap(codes, classes.shape as [number, number, number, number]);
  classes.dispose();
  return map;
}

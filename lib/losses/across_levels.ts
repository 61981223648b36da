/**
 * Supervision by labels at every level of a network that has a head there: deep supervision (Lee et al. 2015; METHOD section 0).
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import type { LabelMap } from "./label_map.ts";

/** What a network, or its second decoder, says at its levels. */
export interface LevelLogits {
  /** At full resolution, [batch, depth, height, width, channel of the head]. */
  logits: Tensor5D;
  /** From level 1 down, each on its own grid. @default nothing */
  lower?: readonly Tensor5D[] | undefined;
}

/**
 * Σ_l w_l · loss(logits of level l, labels on its grid), w_l = 2^-l / Σ_k 2^-k, l = 0 at full resolution. Where the network says
 * nothing at lower levels, that is the loss itself.
 *
 * @param labels of the images that the network looked at, such as a batch, or targets made of it: on a coarser grid, the same with the
 * label map of that grid
 * @returns a scalar
 * @throws Error when the label map is not there on the grid of a level
 */
export function acrossLevels<L extends { map: LabelMap }>(
  { logits, lower = [] }: LevelLogits,
  labels: L,
  loss: (logits: Tensor5D, labels: L) => Scalar,
): Scalar {
  if (lower.length === 0) return loss(logits, labels);
  return tf.tidy(() => {
    const below = lower.map((logits) => loss(logits, { ...labels, map: onGridOf(logits, labels.map) }));
    const losses = [loss(logits, labels), ...below], weights = losses.map((_, level) => 2 ** -level);
    const sum = weights.reduce((a, b) => a + b);
    return tf.addN(losses.map((value, level) => tf.mul(value, weights[level]! / sum))) as Scalar;
  });
}

function onGridOf({ shape }: Tensor5D, map: LabelMap): LabelMap {
  const { lower = [] } = map, grid = shape.slice(0, 4).join();
  const found = lower.find((coarser) => coarser.shape.join() === grid);
  if (found) return found;
  throw new Error(
    `Cannot supervise lower levels: there must be labels on the grid [${grid}], they are on ` +
      [map, ...lower].map((labels) => `[${labels.shape}]`).join(", "),
  );
}

/**
 * How far two models' predictions for the same voxels are apart.
 *
 * @module
 */
import type { Scalar, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED } from "../../data/label_set.ts";
import { tf } from "../../tensors/tf.ts";
import { type LabelTargets, rowTable, sumOverVoxels } from "../../losses/allowed.ts";
import { channelsFirst } from "../../losses/channels_first.ts";
import { spread } from "../../losses/label_map.ts";
import { stopGradient } from "../../losses/stop_gradient.ts";

function logSoftmax(z: Tensor2D): Tensor2D {
  const shifted = tf.sub(z, stopGradient(tf.max(z, 0, true)));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 0, true))) as Tensor2D;
}

/**
 * ½ [KL(p‖q) + KL(q‖p)] = ½ Σ_c (p_c − q_c)(log p_c − log q_c), averaged over all voxels but ignored ones; no gradient
 * flows into the peer q. Both models must have the same channels.
 *
 * @param logits [batch, depth, height, width, channel]
 * @param peer the other model's logits, of the same shape
 * @param options.targets says which voxels are ignored
 */
export function symmetricKl(logits: Tensor5D, peer: Tensor5D, options: { targets: LabelTargets }): Scalar {
  const { targets } = options;
  const counted = sumOverVoxels(targets, (_, code) => code === IGNORED ? 0 : 1);
  const weights = rowTable(targets, (_, code) => code === IGNORED ? 0 : 0.5 / Math.max(1, counted), 1);
  return tf.tidy(() => {
    const weight = spread(tf.tensor2d(weights, [1, weights.length]), targets.map.hot);
    const logP = logSoftmax(channelsFirst(logits));
    const logQ = stopGradient(logSoftmax(channelsFirst(peer)));
    const terms = tf.mul(tf.sub(tf.exp(logP), tf.exp(logQ)), tf.sub(logP, logQ));
    return tf.sum(tf.mul(terms, weight)) as Scalar;
  });
}

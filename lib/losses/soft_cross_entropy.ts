/**
 * Cross-entropy with probabilities as targets, as in the distillation of networks.
 *
 * @module
 */
import type { Scalar, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import { channelsFirst, softmaxParts } from "./channels_first.ts";
import { closedForm } from "./closed_form.ts";

/**
 * −(1/V) Σ_v Σ_c q_c log p_c, q the mean of the teachers' softmax probabilities, weighted where shares are given (Hinton et al. 2015 at temperature 1, arXiv
 * 1503.02531). With log p_c = z_c − lse(z) it is lse(z) − Σ q_c z_c, and ∂/∂z_c = (p_c − q_c)/V. No gradient flows into a teacher.
 *
 * @param logits [batch, depth, height, width, channel]
 * @param teachers their logits, of the same shape, at least one
 * @param shares of each teacher, which add up to 1. @default equal ones
 */
export function softCrossEntropy(
  logits: Tensor5D,
  teachers: readonly Tensor5D[],
  { shares }: { shares?: readonly number[] } = {},
): Scalar {
  return closedForm(channelsFirst(logits), (z) => {
    const wanted = mixed(
      teachers.map((teacher) => softmaxParts(channelsFirst(teacher)).probabilities),
      shares,
    );
    const { max, sum, probabilities } = softmaxParts(z);
    const loss = tf.sub(tf.add(max, tf.log(sum)), tf.sum(tf.mul(wanted, z), 0, true));
    return { loss, slope: tf.sub(probabilities, wanted), weight: tf.fill([1, z.shape[1]], 1 / z.shape[1]) };
  });
}

function mixed(all: readonly Tensor2D[], shares: readonly number[] | undefined): Tensor2D {
  return shares
    ? tf.addN(all.map((one, index) => tf.mul(one, shares[index]!)))
    : tf.div(tf.addN([...all]), all.length);
}

/**
 * How far two predictions of the same images are apart.
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import { stopGradient } from "./stop_gradient.ts";

/**
 * Mean squared difference of probabilities over voxels and channels (Tarvainen and Valpola 2017).
 *
 * @param logits [batch, depth, height, width, channel]
 * @param other of the same shape; no gradient flows into it
 */
export function softmaxDistance(logits: Tensor5D, other: Tensor5D): Scalar {
  return tf.tidy(() => {
    const wanted = stopGradient(tf.softmax(other));
    return tf.mean(tf.square(tf.sub(tf.softmax(logits), wanted))) as Scalar;
  });
}

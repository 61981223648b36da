/**
 * Channels before voxels. Networks keep channels last, but a reduction or a broadcast over five numbers at a time cannot be
 * vectorised; over half a million it can. On 2×64³ voxels and 5 channels a softmax takes 10 ms channels last, 6 ms here
 * with the transposition of 2 ms shared by whatever follows.
 *
 * @module
 */
import type { Tensor, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import { stopGradient } from "./stop_gradient.ts";

/** [batch, depth, height, width, channel] → [channel, voxels]. */
export function channelsFirst(x: Tensor): Tensor2D {
  return tf.transpose(tf.reshape(x, [-1, x.shape[x.shape.length - 1]])) as Tensor2D;
}

/** [channel, voxels] → `shape`, [batch, depth, height, width, channel]. */
export function channelsLast(x: Tensor2D, shape: number[]): Tensor {
  return tf.reshape(tf.transpose(x), shape);
}

/** What a softmax is made of; kept apart because a cross-entropy needs all three. */
export interface SoftmaxParts {
  /** [1, voxels] */
  max: Tensor2D;
  /** Σ exp(z − max), [1, voxels] */
  sum: Tensor2D;
  /** [channel, voxels] */
  probabilities: Tensor2D;
}

/** Softmax over the first axis of [channel, voxels]. */
export function softmaxParts(z: Tensor2D): SoftmaxParts {
  const max = tf.max(z, 0, true) as Tensor2D;
  const exponentials = tf.exp(tf.sub(z, max));
  const sum = tf.sum(exponentials, 0, true) as Tensor2D;
  return { max, sum, probabilities: tf.div(exponentials, sum) };
}

/** Logits as voxelwise losses want them. */
export interface VoxelLogits {
  /** [channel, voxels]; gradients flow through it. */
  z: Tensor2D;
  /** Of z, as constants. */
  softmax: SoftmaxParts;
}

/** Turned once, and one softmax, for all losses on the same logits. @param logits [batch, depth, height, width, channel] */
export function voxelLogits(logits: Tensor5D): VoxelLogits {
  const z = channelsFirst(logits);
  return { z, softmax: softmaxParts(stopGradient(z)) };
}

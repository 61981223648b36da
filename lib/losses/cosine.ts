/**
 * Cosine similarity of feature vectors.
 *
 * @module
 */
import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";

/** Each row divided by its length. A zero row stays zero. */
export function unitRows(x: Tensor2D): Tensor2D {
  // Added to the squared length: small against features of order 1, and it bounds the gradient at zero.
  const squared = tf.add(tf.sum(tf.square(x), 1, true), 1e-8);
  return tf.mul(x, tf.rsqrt(squared)) as Tensor2D;
}

/** Cosine between rows of the same number, [row]; both [row, feature]. */
export function rowCosines(a: Tensor2D, b: Tensor2D): Tensor1D {
  return tf.sum(tf.mul(unitRows(a), unitRows(b)), 1) as Tensor1D;
}

/** Cosine between each row of a and each row of b, [row of a, row of b]. */
export function pairCosines(a: Tensor2D, b: Tensor2D): Tensor {
  return tf.matMul(unitRows(a), unitRows(b), false, true);
}

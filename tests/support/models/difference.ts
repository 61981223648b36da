/** How far tensors are from those that are wanted. */
import { assertEquals } from "@std/assert";
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../../lib/tensors/tf.ts";

/** Largest difference, relative to the largest expected value. */
export function difference(actual: Tensor, wanted: Tensor): number {
  return tf.tidy(() => {
    assertEquals(actual.shape, wanted.shape);
    return tf.div(tf.max(tf.abs(tf.sub(actual, wanted))), tf.max(tf.abs(wanted))).dataSync()[0]!;
  });
}

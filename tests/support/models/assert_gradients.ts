/** Gradients of a network beside those of its definition. */
import { assert, assertEquals } from "@std/assert";
import type { NamedTensorMap } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../../lib/tensors/tf.ts";
import { difference } from "./difference.ts";

/**
 * Of the same weights, in the same order, and equal but for rounding.
 *
 * @param which of the gradients, for the failure
 */
export function assertGradients(actual: NamedTensorMap, expected: NamedTensorMap, which: string): void {
  assertEquals(Object.keys(actual), Object.keys(expected), which);
  for (const [weight, gradient] of Object.entries(actual)) {
    // Sums of hundreds of numbers of about 1, of any sign, which may nearly cancel out.
    const [largest] = tf.max(tf.abs(expected[weight]!)).dataSync();
    const error = difference(gradient, expected[weight]!) * largest!;
    assert(error < 1e-3 * largest! + 1e-4, `gradient of ${weight} by ${which}: ${error} of ${largest}`);
  }
}

import type { Scalar, Tensor } from "@tensorflow/tfjs-node-gpu";
import { assert } from "@std/assert";
import { tf } from "../../../lib/tensors/tf.ts";

export interface FiniteDifferenceOptions {
  /** Half the distance between the two points of a central difference. @default 1e-2 */
  step?: number;
  /** Largest allowed |analytic − numeric|, relative to the largest gradient entry. @default 0.01 */
  tolerance?: number;
}

/**
 * Compares the gradient of `loss` at `x` with central differences, entry by entry. Float32 losses of about 1 have an
 * error of 1e-7, so with a step of 1e-2 a difference is good to 1e-5, and its truncation error is of order step².
 *
 * @returns the analytic gradient
 */
export function checkGradient(
  loss: (x: Tensor) => Scalar,
  x: Tensor,
  { step = 1e-2, tolerance = 0.01 }: FiniteDifferenceOptions = {},
): Float32Array {
  const gradient = tf.tidy(() => tf.grad(loss)(x).dataSync()) as Float32Array;
  const values = x.dataSync() as Float32Array;
  const at = (i: number, delta: number) =>
    tf.tidy(() => {
      const moved = values.slice();
      moved[i]! += delta;
      return loss(tf.tensor(moved, x.shape)).dataSync()[0]!;
    });
  const numeric = values.map((_, i) => (at(i, step) - at(i, -step)) / (2 * step));
  const largest = numeric.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  assert(largest > 0, "the loss does not depend on x: nothing was tested");
  numeric.forEach((expected, i) => {
    const error = Math.abs(gradient[i]! - expected) / largest;
    assert(error <= tolerance, `entry ${i}: gradient ${gradient[i]}, finite difference ${expected}`);
  });
  return gradient;
}

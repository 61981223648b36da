/**
 * Sums of gradients.
 *
 * @module
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { handleOf, KernelScope, OF_FLOAT32 } from "../tensors/kernels.ts";
import { tf } from "../tensors/tf.ts";

/** The sum of two gradients, which are disposed. */
export function sumOf(a: Tensor, b: Tensor): Tensor {
  const scope = new KernelScope();
  const sum = scope.adopt(scope.run("AddV2", [handleOf(a), handleOf(b)], OF_FLOAT32)[0]);
  tf.dispose([a, b]);
  return sum;
}

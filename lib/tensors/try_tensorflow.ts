/**
 * The end of set-up: proves that TensorFlow loads and computes on this machine.
 *
 * @module
 */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";

try {
  const { tf } = await import("./tf.ts");
  const sum = tf.conv3d(
    tf.ones([1, 3, 3, 3, 1]) as Tensor5D,
    tf.ones([3, 3, 3, 1, 1]),
    1,
    "valid",
  );
  const value = sum.dataSync()[0];
  if (value !== 27) throw new Error(`its convolution of 27 ones must be 27, current value is ${value}`);
} catch (error) {
  console.error((error as Error).message);
  Deno.exit(1);
}

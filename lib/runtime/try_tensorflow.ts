/**
 * The end of set-up: proves that TensorFlow loads and computes on this machine.
 *
 * @module
 */
import { tf } from "./tf.ts";

const sum = tf.conv3d(
  tf.ones([1, 3, 3, 3, 1]) as import("@tensorflow/tfjs-node-gpu").Tensor5D,
  tf.ones([3, 3, 3, 1, 1]),
  1,
  "valid",
);
const value = sum.dataSync()[0];
if (value !== 27) {
  throw new Error(`TensorFlow's convolution of 27 ones must be 27, current value is ${value}`);
}

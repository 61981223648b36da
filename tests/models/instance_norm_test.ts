import { assert, assertEquals } from "@std/assert";
import type { Scalar, Tensor, Tensor1D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { instanceNormLeakyRelu } from "../../lib/models/instance_norm.ts";
import { tf } from "../../lib/runtime/tf.ts";

/** The definition, with TensorFlow's own gradients. */
function reference(x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const { mean, variance } = tf.moments(x, [1, 2, 3], true);
  const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
  return tf.leakyRelu(tf.add(tf.mul(normal, scale), shift), 0.01);
}

for (const batch of [1, 2, 3]) {
  Deno.test(`instanceNormLeakyRelu equals its definition, values and gradients, batch of ${batch}`, () => {
    tf.tidy(() => {
      const inputs = [
        tf.add(tf.mul(tf.randomNormal([batch, 3, 4, 5, 2], 0, 1, "float32", 1), 3), 2),
        tf.tensor1d([1.5, -0.7]),
        tf.tensor1d([0.3, -0.2]),
      ];
      const weights = tf.randomNormal([batch, 3, 4, 5, 2], 0, 1, "float32", 2);
      const run = (f: (x: Tensor, scale: Tensor, shift: Tensor) => Tensor) =>
        tf.valueAndGrads((x, scale, shift) => tf.sum(tf.mul(f(x, scale, shift), weights)))(inputs);
      const expected = run(reference);
      const actual = run((x, scale, shift) =>
        instanceNormLeakyRelu(x as Tensor5D, { scale: scale as Tensor1D, shift: shift as Tensor1D })
      );
      const close = (a: Tensor, b: Tensor) =>
        assert(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] < 2e-5 * (1 + tf.max(tf.abs(b)).dataSync()[0]));
      close(actual.value, expected.value);
      actual.grads.forEach((gradient, i) => close(gradient, expected.grads[i]));
    });
  });
}

Deno.test("instanceNormLeakyRelu: samples do not see each other", () => {
  tf.tidy(() => {
    const weights = { scale: tf.ones([2]) as Tensor1D, shift: tf.zeros([2]) as Tensor1D };
    const a = tf.randomNormal([1, 2, 2, 2, 2], 0, 1, "float32", 1) as Tensor5D;
    const b = tf.mul(tf.randomNormal([1, 2, 2, 2, 2], 0, 1, "float32", 2), 100) as Tensor5D;
    const together = tf.split(instanceNormLeakyRelu(tf.concat([a, b]) as Tensor5D, weights), 2);
    assertEquals(together[0].dataSync(), instanceNormLeakyRelu(a, weights).dataSync());
  });
});

Deno.test("instanceNormLeakyRelu leaks nothing", () => {
  const x = tf.randomNormal([2, 2, 2, 2, 2], 0, 1, "float32", 1) as Tensor5D;
  const weights = { scale: tf.ones([2]) as Tensor1D, shift: tf.zeros([2]) as Tensor1D };
  const before = tf.memory().numTensors;
  tf.dispose(instanceNormLeakyRelu(x, weights));
  tf.dispose(tf.grad((x) => tf.sum(instanceNormLeakyRelu(x as Tensor5D, weights)) as Scalar)(x));
  assertEquals(tf.memory().numTensors, before);
  tf.dispose([x, weights.scale, weights.shift]);
});

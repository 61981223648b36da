import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { type Strides, TransposedConvolution3d } from "../../lib/models/transposed_convolution.ts";
import { tf } from "../../lib/runtime/tf.ts";
import { checkGradient } from "../losses/finite_difference.ts";

Deno.test("conv3dTranspose by hand: each input voxel writes its block", () => {
  tf.tidy(() => {
    const x = tf.tensor5d([2, 3], [1, 1, 1, 2, 1]);
    const filter = tf.tensor5d([10, 1], [1, 1, 2, 1, 1]);
    const y = tf.conv3dTranspose(x, filter, [1, 1, 1, 4, 1], [1, 1, 2], "valid");
    assertEquals([...y.dataSync()], [20, 2, 30, 3]);
  });
});

const cases: [strides: Strides, kernel: Strides, pad: "same" | "valid"][] = [
  [[2, 2, 2], [2, 2, 2], "valid"],
  [[1, 2, 2], [1, 2, 2], "valid"],
  [[2, 2, 2], [3, 3, 3], "same"],
];
for (const [strides, kernel, pad] of cases) {
  Deno.test(`conv3dTranspose: gradients equal finite differences, strides ${strides}, kernel ${kernel}`, () => {
    tf.tidy(() => {
      const x = tf.randomNormal([2, 2, 1, 2, 3], 0, 1, "float32", 1) as Tensor5D;
      const filter = tf.randomNormal([...kernel, 2, 3], 0, 1, "float32", 2) as Tensor5D;
      const shape = [2, 2 * strides[0], strides[1], 2 * strides[2], 2] as [
        number,
        number,
        number,
        number,
        number,
      ];
      const weights = tf.randomNormal(shape, 0, 1, "float32", 3);
      const loss = (x: Tensor, filter: Tensor) =>
        tf.mean(tf.mul(tf.conv3dTranspose(x as Tensor5D, filter as Tensor5D, shape, strides, pad), weights))
          .asScalar();
      // The loss is linear in each, so a large step costs nothing and keeps rounding out.
      checkGradient((x) => loss(x, filter), x, { step: 1, tolerance: 1e-4 });
      checkGradient((filter) => loss(x, filter), filter, { step: 1, tolerance: 1e-4 });
    });
  });
}

Deno.test("conv3dTranspose is the adjoint of conv3d", () => {
  tf.tidy(() => {
    const filter = tf.randomNormal([2, 2, 2, 2, 3], 0, 1, "float32", 1) as Tensor5D;
    const small = tf.randomNormal([1, 2, 2, 2, 3], 0, 1, "float32", 2) as Tensor5D;
    const large = tf.randomNormal([1, 4, 4, 4, 2], 0, 1, "float32", 3) as Tensor5D;
    const dot = (a: Tensor, b: Tensor) => tf.sum(tf.mul(a, b)).dataSync()[0];
    const up = tf.conv3dTranspose(small, filter, [1, 4, 4, 4, 2], [2, 2, 2], "valid");
    assertAlmostEquals(dot(up, large), dot(small, tf.conv3d(large, filter, [2, 2, 2], "valid")), 1e-4);
  });
});

Deno.test("TransposedConvolution3d: output shape, seeded weights, no leak", () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const layer = new TransposedConvolution3d({ filters: 4, strides: [1, 2, 2], seed: 5 });
    const twin = new TransposedConvolution3d(layer.getConfig() as never);
    const x = tf.ones([1, 2, 3, 3, 2]);
    const y = layer.apply(x) as Tensor;
    assertEquals(y.shape, [1, 2, 6, 6, 4]);
    assertEquals(layer.computeOutputShape([1, 2, 3, 3, 2]), y.shape);
    assertEquals((twin.apply(x) as Tensor).dataSync(), y.dataSync());
    assert(layer.countParams() === 1 * 2 * 2 * 4 * 2);
    layer.dispose();
    twin.dispose();
  });
  assertEquals(tf.memory().numTensors, before);
});

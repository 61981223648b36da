import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { Strides } from "../../lib/models/layers.ts";
import { createUnet, type Unet } from "../../lib/models/unet.ts";
import { restoreWeights, snapshotWeights } from "../../lib/models/weights.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { assertLeavesNoTensors } from "../support/training/tiny_learners.ts";
import { tensorCount } from "../support/models/tensor_count.ts";

const normal = (shape: number[], seed: number) =>
  tf.randomNormal(shape as Tensor5D["shape"], 0, 1, "float32", seed) as Tensor5D;

const small = { classes: 2, widths: [2, 3], strides: [[1, 2, 2]] as Strides[], seed: 1 };

Deno.test("U-Net: shapes of any size divisible by the strides, isotropic or not", () => {
  const strides: Strides[] = [[1, 2, 2], [2, 2, 2]];
  const model = createUnet({ classes: 4, widths: [2, 3, 4], strides, seed: 1 });
  for (const [depth, height, width] of [[2, 4, 4], [6, 12, 8]] as const) {
    tf.tidy(() => {
      const { logits, features } = model.predict(tf.zeros([1, depth, height, width, 1]));
      assertEquals(logits.shape, [1, depth, height, width, 4]);
      assertEquals(features.shape, [1, depth, height, width, 2]);
    });
  }
  model.dispose();
});

Deno.test("U-Net: the same seed gives the same bits, another seed does not; layers differ from each other", () => {
  const make = (seed: number) => createUnet({ ...small, seed });
  const a = make(0), b = make(0), c = make(1);
  const text = (model: Unet, name: string) => model.weights[name]!.dataSync().toString();
  for (const name of Object.keys(a.weights)) assertEquals(text(a, name), text(b, name));
  assert(text(a, "unet_down0_b_conv/kernel") !== text(c, "unet_down0_b_conv/kernel"));
  assert(text(a, "unet_down0_b_conv/kernel") !== text(a, "unet_up0_b_conv/kernel"));
  [a, b, c].forEach((model) => model.dispose());
});

Deno.test("U-Net: convolution weights are He-normal, scales are one, shifts and the logits' bias zero", () => {
  const model = createUnet({ ...small, widths: [32, 32] });
  tf.tidy(() => {
    const { weights } = model;
    const { variance } = tf.moments(weights["unet_down0_b_conv/kernel"]!);
    assert(Math.abs(variance.dataSync()[0]! / (2 / (27 * 32)) - 1) < 0.05);
    const up = tf.moments(weights["unet_up0/kernel"]!).variance.dataSync()[0]!;
    assert(Math.abs(up / (1 / 32) - 1) < 0.1);
    for (const [name, weight] of Object.entries(weights).filter(([name]) => !name.endsWith("kernel"))) {
      assertEquals(new Set(weight.dataSync()), new Set([name.endsWith("scale") ? 1 : 0]), name);
    }
  });
  model.dispose();
});

Deno.test("U-Net: kernels of another size keep the variance of what they give", () => {
  const model = createUnet({ ...small, widths: [32, 32], kernels: [[1, 3, 3], [3, 3, 3]] });
  tf.tidy(() => {
    const ofLevel = (name: string) => model.weights[`unet_${name}_conv/kernel`]!;
    assertEquals(ofLevel("down0_b").shape, [1, 3, 3, 32, 32]);
    assertEquals(ofLevel("up0_a").shape, [1, 3, 3, 64, 32]);
    assertEquals(ofLevel("down1_a").shape, [3, 3, 3, 32, 32]);
    const variance = tf.moments(ofLevel("down0_b")).variance.dataSync()[0]!;
    assert(Math.abs(variance / (2 / (9 * 32)) - 1) < 0.05);
  });
  model.dispose();
});

Deno.test("U-Net: as many kernels as levels, of odd sizes", () => {
  assertThrows(() => createUnet({ ...small, kernels: [[1, 3, 3]] }), Error, "as many entries as widths (2)");
  for (const size of [2, 0, -1, 1.5]) {
    assertThrows(
      () => createUnet({ ...small, kernels: [[3, 3, 3], [size, 3, 3]] }),
      Error,
      `current value is ${size}`,
    );
  }
});

Deno.test("U-Net: a step leaks nothing and repeats to the bit; disposing frees all weights", async () => {
  await assertLeavesNoTensors(() => {
    const model = createUnet({ ...small, projection: 3 });
    const x = normal([2, 2, 4, 4, 1], 3);
    const step = () => {
      const pass = model.pass(x);
      const slopes = { logits: tf.onesLike(pass.logits), features: tf.onesLike(pass.features) };
      const gradients = pass.backward(slopes);
      const prediction = Object.values(model.predict(x));
      const result = [...prediction, ...Object.values(gradients)]
        .map((tensor) => tensor.dataSync().toString());
      pass.dispose();
      tf.dispose([slopes, gradients, prediction]);
      return result;
    };
    const first = step();
    const before = tensorCount();
    assertEquals(step(), first);
    assertEquals(tensorCount(), before);
    tf.dispose(x);
    model.dispose();
  });
});

Deno.test("U-Net: a pass without a way back frees all it kept", async () => {
  const model = createUnet(small);
  await assertLeavesNoTensors(() => {
    const x = normal([2, 2, 4, 4, 1], 3);
    const pass = model.pass(x);
    assertThrows(() => pass.backward({}), Error, "there must be a gradient");
    pass.dispose();
    pass.dispose();
    x.dispose();
  });
  model.dispose();
});

Deno.test("U-Net: the way back leaves of a pass only what the caller holds", () => {
  const left = [[2, 3], [2, 3, 4, 5]].map((widths) => {
    const strides = widths.slice(1).map((): Strides => [2, 2, 2]);
    const model = createUnet({ ...small, widths, strides });
    const [x, logits] = [normal([1, 8, 8, 8, 1], 3), normal([1, 8, 8, 8, small.classes], 4)];
    // The first time makes what stays.
    const [, left] = [0, 1].map(() => {
      const before = tensorCount().tensorflow;
      const pass = model.pass(x);
      const gradients = pass.backward({ logits });
      assert(pass.logits.isDisposed && pass.features.isDisposed);
      const left = tensorCount().tensorflow - before - Object.keys(gradients).length;
      pass.dispose();
      tf.dispose(gradients);
      return left;
    });
    tf.dispose([x, logits]);
    model.dispose();
    return left;
  });
  assertEquals(left[1], left[0], "a deeper network leaves more behind");
});

Deno.test("createUnet refuses strides that do not fit the widths", () => {
  assertThrows(
    () => createUnet({ ...small, strides: [] }),
    Error,
    "one entry fewer than widths (2), current number is 0",
  );
});

Deno.test("restoreWeights refuses missing or misshapen weights and then changes nothing", () => {
  const model = createUnet(small);
  tf.tidy(() => {
    const good = snapshotWeights(model);
    const bad: Record<string, Tensor> = Object.fromEntries(
      Object.entries(good).map(([name, tensor]) => [name, tf.add(tensor, 1)]),
    );
    bad["unet_logits/bias"] = tf.zeros([3]);
    assertThrows(
      () => restoreWeights(model, bad),
      Error,
      "unet_logits/bias must have shape [2], current value is of shape [3]",
    );
    delete bad["unet_logits/bias"];
    assertThrows(() => restoreWeights(model, bad), Error, "current value is missing");
    const now = snapshotWeights(model);
    for (const name of Object.keys(good)) assertEquals(now[name]!.dataSync(), good[name]!.dataSync());
  });
  model.dispose();
});

Deno.test("U-Net with a learned projection: its features have that many channels and give the logits", () => {
  const model = createUnet({ ...small, projection: 5 });
  tf.tidy(() => {
    const { logits, features } = model.predict(normal([1, 2, 4, 4, 1], 1));
    assertEquals(features.shape, [1, 2, 4, 4, 5]);
    const kernel = tf.reshape(model.weights["unet_logits/kernel"]!, [5, 2]);
    const expected = tf.add(
      tf.matMul(tf.reshape(features, [-1, 5]), kernel as never),
      model.weights["unet_logits/bias"]!,
    );
    assert(tf.max(tf.abs(tf.sub(tf.reshape(logits, [-1, 2]), expected))).dataSync()[0]! < 1e-5);
  });
  model.dispose();
});

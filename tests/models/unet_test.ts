import { assert, assertEquals, assertThrows } from "@std/assert";
import type { NamedTensorMap, Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { Strides } from "../../lib/models/layers.ts";
import { createUnet, type Unet, type UnetOptions } from "../../lib/models/unet.ts";
import { restoreWeights, snapshotWeights } from "../../lib/models/weights.ts";
import { tf } from "../../lib/runtime/tf.ts";
import { assertLeavesNoTensors } from "../stages/tiny_learners.ts";
import { referenceUnet } from "./reference_unet.ts";
import { tensorCount } from "./tensor_count.ts";

interface Stored {
  shape: number[];
  base64: string;
}

const fixture = JSON.parse(await Deno.readTextFile(new URL("../fixtures/unet.json", import.meta.url)));

function tensorOf({ shape, base64 }: Stored): Tensor {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return tf.tensor(new Float32Array(bytes.buffer), shape);
}

/** Largest difference, relative to the largest expected value. */
function difference(actual: Tensor, wanted: Tensor): number {
  return tf.tidy(() => {
    assertEquals(actual.shape, wanted.shape);
    return tf.div(tf.max(tf.abs(tf.sub(actual, wanted))), tf.max(tf.abs(wanted))).dataSync()[0];
  });
}

const normal = (shape: number[], seed: number) =>
  tf.randomNormal(shape as Tensor5D["shape"], 0, 1, "float32", seed) as Tensor5D;

/** By the names of weights, and not of their variables. */
function byWeight({ weights }: Unet, gradients: NamedTensorMap): NamedTensorMap {
  assertEquals(Object.keys(gradients).length, Object.keys(weights).length);
  return Object.fromEntries(Object.entries(weights).map(([name, { name: key }]) => [name, gradients[key]]));
}

const small = { classes: 2, widths: [2, 3], strides: [[1, 2, 2]] as Strides[], seed: 1 };

Deno.test("U-Net: forward pass and every gradient equal PyTorch's with the same weights", () => {
  const model = createUnet({ ...fixture.options, seed: 1 });
  tf.tidy(() => {
    const weights = Object.fromEntries(
      Object.entries(fixture.weights).map(([name, stored]) => [name, tensorOf(stored as Stored)]),
    );
    restoreWeights(model, weights);
    const pass = model.pass(tensorOf(fixture.images) as Tensor5D);
    assert(difference(pass.logits, tensorOf(fixture.logits)) < 1e-5);
    assert(difference(pass.features, tensorOf(fixture.features)) < 1e-5);
    // The loss is the mean of logits and features times constants, which are therefore its gradients.
    const [logits, features] = [fixture.logitWeights, fixture.featureWeights].map(tensorOf);
    const loss = tf.add(tf.mean(tf.mul(pass.logits, logits)), tf.mean(tf.mul(pass.features, features)));
    assert(Math.abs(loss.dataSync()[0] - fixture.loss) < 1e-5);
    const gradients = pass.backward({
      logits: tf.div(logits, logits.size),
      features: tf.div(features, features.size),
    });
    assertEquals(Object.keys(model.weights).toSorted(), Object.keys(fixture.gradients).toSorted());
    for (const [name, gradient] of Object.entries(byWeight(model, gradients))) {
      const error = difference(gradient, tensorOf(fixture.gradients[name]));
      assert(error < 1e-4, `gradient of ${name}: relative difference ${error}`);
    }
    pass.dispose();
  });
  model.dispose();
});

/** Gradients of ⟨logits, dLogits⟩ + ⟨features, dFeatures⟩ by TensorFlow's own rules, where one may be left out. */
function referenceGradients(model: Unet, images: Tensor5D, options: ReferenceOptions): NamedTensorMap {
  const { logits: dLogits, features: dFeatures, ...form } = options;
  const { grads } = tf.variableGrads(() => {
    const { logits, features } = referenceUnet(images, model.weights, form);
    const terms = [
      dLogits && tf.sum(tf.mul(logits, dLogits)),
      dFeatures && tf.sum(tf.mul(features, dFeatures)),
    ];
    return tf.addN(terms.filter((term) => term) as Tensor[]) as Scalar;
  }, Object.values(model.weights).filter(({ name }) => dLogits || !isOfLogits(model, name)));
  return grads;
}

type ReferenceOptions = UnetOptions & { logits?: Tensor; features?: Tensor };

/** The last layer has no say in the features. */
function isOfLogits({ weights }: Unet, name: string): boolean {
  return [weights["unet_logits/kernel"].name, weights["unet_logits/bias"].name].includes(name);
}

const forms: [name: string, options: UnetOptions][] = [
  ["", { ...small, strides: [[2, 2, 2]] }],
  ["of three levels", { ...small, widths: [2, 3, 4], strides: [[1, 2, 2], [2, 2, 2]] }],
  ["of one level", { ...small, widths: [3], strides: [] }],
  ["with a learned projection", { ...small, projection: 5 }],
  ["of three levels with a learned projection", {
    ...{ ...small, widths: [2, 3, 4], strides: [[2, 2, 2], [1, 2, 2]] as Strides[] },
    projection: 3,
  }],
];
for (const [name, options] of forms) {
  for (const batch of [1, 2, 3]) {
    Deno.test(`U-Net ${name}: equals its definition, values and gradients, batch of ${batch}`, () => {
      const model = createUnet(options);
      tf.tidy(() => {
        const images = normal([batch, 4, 8, 8, 1], 1);
        const expected = referenceUnet(images, model.weights, options);
        const { logits, features } = model.predict(images);
        assert(difference(logits, expected.logits) < 1e-5, "logits");
        assert(difference(features, expected.features) < 1e-5, "features");
        const all = { logits: normal(logits.shape, 2), features: normal(features.shape, 3) };
        for (const slopes of [all, { logits: all.logits }, { features: all.features }]) {
          const pass = model.pass(images);
          assertEquals(pass.logits.dataSync(), logits.dataSync());
          assertEquals(pass.features.dataSync(), features.dataSync());
          const gradients = pass.backward(slopes);
          const wanted = referenceGradients(model, images, { ...options, ...slopes });
          assertEquals(Object.keys(gradients).toSorted(), Object.keys(wanted).toSorted());
          for (const [name, gradient] of Object.entries(wanted)) {
            const error = difference(gradients[name], gradient);
            assert(error < 1e-4, `gradient of ${name} by ${Object.keys(slopes)}: ${error}`);
          }
          pass.dispose();
        }
      });
      model.dispose();
    });
  }
}

Deno.test("U-Net: samples of a batch do not see each other, and their gradients add up", () => {
  const model = createUnet({ ...small, projection: 3 });
  tf.tidy(() => {
    const samples = [1, 2, 3].map((seed) => tf.mul(normal([1, 2, 4, 4, 1], seed), 10 ** seed) as Tensor5D);
    const together = model.pass(tf.concat(samples) as Tensor5D), alone = samples.map((x) => model.pass(x));
    for (const  of of["logits", "features"] as const) {
      tf.split(together[of], 3).forEach((part, n) => assertEquals(part.dataSync(), alone[n][of].dataSync()));
    }
    const dLogits = alone.map(({ logits }, n) => normal(logits.shape, 4 + n));
    const sum = together.backward({ logits: tf.concat(dLogits) });
    const parts = alone.map((pass, n) => pass.backward({ logits: dLogits[n] }));
    for (const [name, gradient] of Object.entries(sum)) {
      assert(difference(gradient, tf.addN(parts.map((part) => part[name]))) < 1e-6, name);
    }
    [together, ...alone].forEach((pass) => pass.dispose());
  });
  model.dispose();
});

Deno.test("U-Net: shapes of any size divisible by the strides, isotropic or not", () => {
  const strides: Strides[] = [[1, 2, 2], [2, 2, 2]];
  const model = createUnet({ classes: 4, widths: [2, 3, 4], strides, seed: 1 });
  for (const [depth, height, width] of [[2, 4, 4], [6, 12, 8]]) {
    tf.tidy(() => {
      const { logits, features } = model.predict(tf.zeros([1, depth, height, width, 1]));
      assertEquals(logits.shape, [1, depth, height, width, 4]);
      assertEquals(features.shape, [1, depth, height, width, 2]);
    });
  }
  model.dispose();
});

Deno.test("U-Net: the same seed gives the same bits, another seed does not; layers differ from each other", () => {
  const [a, b, c] = [0, 0, 1].map((seed) => createUnet({ ...small, seed }));
  const text = (model: Unet, name: string) => model.weights[name].dataSync().toString();
  for (const name of Object.keys(a.weights)) assertEquals(text(a, name), text(b, name));
  assert(text(a, "unet_down0_b_conv/kernel") !== text(c, "unet_down0_b_conv/kernel"));
  assert(text(a, "unet_down0_b_conv/kernel") !== text(a, "unet_up0_b_conv/kernel"));
  [a, b, c].forEach((model) => model.dispose());
});

Deno.test("U-Net: convolution weights are He-normal, scales are one, shifts and the logits' bias zero", () => {
  const model = createUnet({ ...small, widths: [32, 32] });
  tf.tidy(() => {
    const { weights } = model;
    const { variance } = tf.moments(weights["unet_down0_b_conv/kernel"]);
    assert(Math.abs(variance.dataSync()[0] / (2 / (27 * 32)) - 1) < 0.05);
    const up = tf.moments(weights["unet_up0/kernel"]).variance.dataSync()[0];
    assert(Math.abs(up / (1 / 32) - 1) < 0.1);
    for (const [name, weight] of Object.entries(weights).filter(([name]) => !name.endsWith("kernel"))) {
      assertEquals(new Set(weight.dataSync()), new Set([name.endsWith("scale") ? 1 : 0]), name);
    }
  });
  model.dispose();
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
    return tf.tidy(() => {
      const x = normal([1, 8, 8, 8, 1], 3), logits = normal([1, 8, 8, 8, small.classes], 4);
      model.predict(x); // uploads images and weights
      const before = tensorCount().tensorflow;
      const pass = model.pass(x);
      const gradients = pass.backward({ logits });
      const left = tensorCount().tensorflow - before - Object.keys(gradients).length;
      pass.dispose();
      model.dispose();
      return left;
    });
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
    for (const name of Object.keys(good)) assertEquals(now[name].dataSync(), good[name].dataSync());
  });
  model.dispose();
});

Deno.test("U-Net with a learned projection: its features have that many channels and give the logits", () => {
  const model = createUnet({ ...small, projection: 5 });
  tf.tidy(() => {
    const { logits, features } = model.predict(normal([1, 2, 4, 4, 1], 1));
    assertEquals(features.shape, [1, 2, 4, 4, 5]);
    const kernel = tf.reshape(model.weights["unet_logits/kernel"], [5, 2]);
    const expected = tf.add(
      tf.matMul(tf.reshape(features, [-1, 5]), kernel as never),
      model.weights["unet_logits/bias"],
    );
    assert(difference(tf.reshape(logits, [-1, 2]), expected) < 1e-5);
  });
  model.dispose();
});

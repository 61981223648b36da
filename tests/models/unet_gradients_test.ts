import { assert, assertEquals } from "@std/assert";
import type { NamedTensorMap, Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { Strides } from "../../lib/models/layers.ts";
import { createUnet, type Unet } from "../../lib/models/unet.ts";
import type { UnetOptions } from "../../lib/models/unet_options.ts";
import { restoreWeights } from "../../lib/models/weights.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { difference } from "../support/models/difference.ts";
import { referenceUnet } from "../support/models/reference_unet.ts";

interface Stored {
  shape: number[];
  base64: string;
}

const fixture = JSON.parse(await Deno.readTextFile(new URL("../fixtures/unet.json", import.meta.url)));

function tensorOf({ shape, base64 }: Stored): Tensor {
  return tf.tensor(new Float32Array(Uint8Array.fromBase64(base64).buffer), shape);
}

const normal = (shape: number[], seed: number) =>
  tf.randomNormal(shape as Tensor5D["shape"], 0, 1, "float32", seed) as Tensor5D;

/** By the names of weights, and not of their variables. */
function byWeight({ weights }: Unet, gradients: NamedTensorMap): NamedTensorMap {
  assertEquals(Object.keys(gradients).length, Object.keys(weights).length);
  return Object.fromEntries(Object.entries(weights).map(([name, { name: key }]) => [name, gradients[key]!]));
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
    const logits = tensorOf(fixture.logitWeights), features = tensorOf(fixture.featureWeights);
    const loss = tf.add(tf.mean(tf.mul(pass.logits, logits)), tf.mean(tf.mul(pass.features, features)));
    assert(Math.abs(loss.dataSync()[0]! - fixture.loss) < 1e-5);
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
  return [weights["unet_logits/kernel"]!.name, weights["unet_logits/bias"]!.name].includes(name);
}

const forms: [name: string, options: UnetOptions][] = [
  ["of two levels", { ...small, strides: [[2, 2, 2]] }],
  ["of three levels", { ...small, widths: [2, 3, 4], strides: [[1, 2, 2], [2, 2, 2]] }],
  ["of one level", { ...small, widths: [3], strides: [] }],
  ["of flat kernels above and full ones below", {
    ...small,
    widths: [2, 3, 4],
    strides: [[1, 2, 2], [2, 2, 2]],
    kernels: [[1, 3, 3], [1, 3, 3], [3, 3, 3]],
  }],
  ["in two dimensions", { ...small, kernels: [[1, 3, 3], [1, 5, 3]] }],
  ["with a learned projection", { ...small, projection: 5 }],
  ["of three levels with a learned projection", {
    ...small,
    widths: [2, 3, 4],
    strides: [[2, 2, 2], [1, 2, 2]] as Strides[],
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
          for (const [name, { name: key }] of Object.entries(model.weights)) {
            const expected = wanted[key];
            if (!expected) continue;
            // Sums of terms of any sign, which may nearly cancel out: rounding is up to 1e-4 of what is left.
            const error = difference(gradients[key]!, expected);
            assert(error < 1e-3, `gradient of ${name} by ${Object.keys(slopes)}: ${error}`);
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
    // Kernels may differ with the batch and add in another order. A sum of at most 27 · 6 products, each rounded by 2⁻²⁴, is
    // then 1e-5 away at most; what another sample adds would be of the size of the outputs.
    for (const output of ["logits", "features"] as const) {
      tf.split(together[output], 3).forEach((part, n) => {
        const apart = difference(part, alone[n]![output]);
        assert(apart < 1e-5, `${output} of sample ${n}: ${apart}`);
      });
    }
    const dLogits = alone.map(({ logits }, n) => normal(logits.shape, 4 + n));
    const sum = together.backward({ logits: tf.concat(dLogits) });
    const parts = alone.map((pass, n) => pass.backward({ logits: dLogits[n] }));
    // Sums over voxels that may nearly cancel out, as above.
    for (const [name, gradient] of Object.entries(sum)) {
      const apart = difference(gradient, tf.addN(parts.map((part) => part[name]!)));
      assert(apart < 1e-4, `gradient of ${name}: ${apart}`);
    }
    [together, ...alone].forEach((pass) => pass.dispose());
  });
  model.dispose();
});

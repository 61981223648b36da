import { assert, assertEquals } from "@std/assert";
import type { NamedTensorMap, Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { supervision } from "../../lib/losses/supervision.ts";
import type { Strides } from "../../lib/models/layers.ts";
import { createUnet, type Unet, type UnetOutputs } from "../../lib/models/unet.ts";
import type { UnetOptions } from "../../lib/models/unet_options.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { targetsOf } from "../../lib/training/batch_targets.ts";
import { createLearner, disposeLearner } from "../../lib/training/learner.ts";
import { learnFrom } from "../../lib/training/single_round.ts";
import { assertLeavesNoTensors, tinyBatch } from "../support/training/tiny_learners.ts";
import { inBfloat16, relativeDistance, rounded, ROUNDING } from "../support/models/in_bfloat16.ts";
import { type ReferenceOptions, referenceUnet } from "../support/models/reference_unet.ts";

const options: UnetOptions = {
  classes: 3,
  widths: [4, 6],
  strides: [[1, 2, 2]],
  projection: 5,
  seed: 1,
  precision: "bfloat16",
};
const normal = (shape: number[], seed: number) =>
  tf.randomNormal(shape as Tensor5D["shape"], 0, 1, "float32", seed) as Tensor5D;

type Outcome = UnetOutputs & NamedTensorMap;

/** Logits, features and, by the names of weights, the gradients of a sum of outputs with random factors. */
function outcome(model: Unet, images: Tensor5D): Outcome {
  const pass = model.pass(images);
  const outputs = { logits: tf.clone(pass.logits), features: tf.clone(pass.features) };
  const slopes = slopesOf(pass);
  const gradients = pass.backward({ ...slopes });
  pass.dispose();
  tf.dispose(slopes);
  return { ...outputs, ...byWeight(model, gradients) };
}

/** The same of the network by its definition. */
function referenceOutcome(model: Unet, images: Tensor5D, options: ReferenceOptions): Outcome {
  const run = () => referenceUnet(images, model.weights, options);
  const { grads } = tf.variableGrads(() => {
    const outputs = run(), slopes = slopesOf(outputs);
    const parts = (["logits", "features"] as const).map((name) =>
      tf.sum(tf.mul(outputs[name], slopes[name]))
    );
    return tf.addN(parts) as Scalar;
  }, Object.values(model.weights));
  const { logits, features } = run();
  return { logits, features, ...byWeight(model, grads) };
}

function slopesOf({ logits, features }: UnetOutputs): Record<keyof UnetOutputs, Tensor> {
  return { logits: normal(logits.shape, 2), features: normal(features.shape, 3) };
}

function byWeight({ weights }: Unet, gradients: NamedTensorMap): NamedTensorMap {
  return Object.fromEntries(Object.entries(weights).map(([name, { name: key }]) => [name, gradients[key]!]));
}

/** All gradients in one. */
function gradientsOf({ logits: _, features: __, ...gradients }: Outcome): Tensor {
  return tf.concat(Object.values(gradients).map((gradient) => tf.reshape(gradient, [-1])));
}

for (const batch of [1, 2]) {
  // One level only: a number that lies between two of bfloat16 goes one way here and the other there, and after some
  // layers all have.
  inBfloat16(`a U-Net in bfloat16 is its definition with these roundings, batch of ${batch}`, () => {
    const form = { ...options, widths: [4], strides: [] };
    const model = createUnet(form);
    tf.tidy(() => {
      const images = normal([batch, 4, 8, 8, 1], 4);
      const actual = outcome(model, images),
        wanted = referenceOutcome(model, images, { ...form, round: rounded });
      for (const output of ["logits", "features"] as const) {
        assert(relativeDistance(actual[output], wanted[output]) < ROUNDING, output);
      }
      const error = relativeDistance(gradientsOf(actual), gradientsOf(wanted));
      assert(error < 2 * ROUNDING, `gradients: ${error}`);
    });
    model.dispose();
  });

  inBfloat16(`a U-Net in bfloat16 is as near to float32's as roundings allow, batch of ${batch}`, () => {
    const model = createUnet(options), full = createUnet({ ...options, precision: "float32" });
    assertEquals(Object.keys(model.weights), Object.keys(full.weights));
    for (const [name, weight] of Object.entries(model.weights)) {
      assertEquals(weight.dtype, "float32");
      assertEquals(weight.dataSync(), full.weights[name]!.dataSync());
    }
    tf.tidy(() => {
      const images = normal([batch, 4, 8, 8, 1], 4);
      const actual = outcome(model, images), exact = outcome(full, images);
      const alike = referenceOutcome(model, images, { ...options, round: rounded });
      for (const [name, tensor] of Object.entries(actual)) {
        assertEquals(tensor.shape, exact[name]!.shape);
        assertEquals(tensor.dtype, "float32");
      }
      // Where a rounding changes the sign of a leaky ReLU's input, a gradient changes a hundredfold: a bound in roundings
      // would say nothing of gradients.
      const parts: [name: string, part: (outcome: Outcome) => Tensor][] = [
        ["logits", ({ logits }) => logits],
        ["features", ({ features }) => features],
        ["gradients", gradientsOf],
      ];
      for (const [name, part] of parts) {
        const error = relativeDistance(part(actual), part(exact));
        const usual = relativeDistance(part(alike), part(exact));
        assert(
          error > 0 && error < 2 * usual,
          `${name}: relative distance ${error}, roundings give ${usual}`,
        );
      }
    });
    [model, full].forEach((model) => model.dispose());
  });
}

inBfloat16(
  "a batch of three in bfloat16 is its samples', and gradients are their sums but for rounding",
  () => {
    const model = createUnet(options);
    tf.tidy(() => {
      const samples = [1, 2, 3].map((seed) => normal([1, 4, 8, 8, 1], seed));
      const pass = model.pass(tf.concat(samples) as Tensor5D), alone = samples.map((x) => model.pass(x));
      for (const output of ["logits", "features"] as const) {
        tf.split(pass[output], 3).forEach((part, n) => {
          const error = relativeDistance(part, alone[n]![output]);
          assert(error < ROUNDING, `${output} of sample ${n}: ${error}`);
        });
      }
      const dLogits = normal(pass.logits.shape, 4);
      const sum = pass.backward({ logits: dLogits });
      const parts = tf.split(dLogits, 3).map((logits, n) => alone[n]!.backward({ logits }));
      for (const [name, gradient] of Object.entries(sum)) {
        const error = relativeDistance(gradient, tf.addN(parts.map((part) => part[name]!)));
        assert(error < 3 * ROUNDING, `${name}: ${error}`);
      }
      [pass, ...alone].forEach((pass) => pass.dispose());
    });
    model.dispose();
  },
);

inBfloat16(
  "passes in bfloat16 leave no tensors behind, and repeat to the bit",
  () =>
    assertLeavesNoTensors(() => {
      const model = createUnet(options), images = normal([2, 4, 8, 8, 1], 4);
      const [first, second] = [0, 1].map(() => {
        const all = [...Object.values(outcome(model, images)), ...Object.values(model.predict(images))];
        const values = all.map((tensor) => tensor.dataSync().toString());
        tf.dispose(all);
        return values;
      });
      assertEquals(second, first);
      model.dispose();
      images.dispose();
    }),
);

inBfloat16("a learner in bfloat16 finds its way with float32 weights, gradients and optimiser", () => {
  const network = { widths: [4, 6], strides: [[1, 2, 2]] as Strides[], seed: 1 };
  const learner = createLearner("half", [1], { ...network, precision: "bfloat16" });
  const batch = tinyBatch({ key: 1 });
  const values = Array.from({ length: 12 }, () => {
    const { gradients, terms } = learnFrom(batch, learner, ({ logits }, batch) => [{
      name: "own",
      weight: 1,
      value: supervision(logits, targetsOf(batch, { channels: [1] })),
    }]);
    learner.optimiser!.apply(gradients, { learningRate: 0.02 });
    tf.dispose(gradients);
    return terms[0]!.value;
  });
  assert(values[11]! < 0.7 * values[0]!, `${values}`);
  disposeLearner(learner);
});

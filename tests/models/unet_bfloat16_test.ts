import { assert, assertEquals } from "@std/assert";
import type { NamedTensorMap, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { supervision } from "../../lib/losses/supervision.ts";
import type { Strides } from "../../lib/models/layers.ts";
import { createUnet, type Precision } from "../../lib/models/unet.ts";
import { tf } from "../../lib/runtime/tf.ts";
import { batchGradients, type BatchLoss } from "../../lib/stages/batch_gradients.ts";
import { targetsOf } from "../../lib/stages/batch_targets.ts";
import { createLearner, disposeLearner } from "../../lib/stages/learner.ts";
import { assertLeavesNoTensors, tinyBatch } from "../stages/tiny_learners.ts";
import { inBfloat16, relativeDistance, ROUNDING } from "./in_bfloat16.ts";

const options = { classes: 3, widths: [4, 6], strides: [[1, 2, 2]] as Strides[], projection: 5, seed: 1 };
const normal = (shape: number[], seed: number) =>
  tf.randomNormal(shape as Tensor5D["shape"], 0, 1, "float32", seed) as Tensor5D;

const create = (precision: Precision) => createUnet({ ...options, precision });

/** Logits, features and the gradients by all weights, by their names, of a sum with random factors. */
function outcome(model: ReturnType<typeof createUnet>, images: Tensor5D, seed = 2): NamedTensorMap {
  const pass = model.pass(images);
  const slopes = { logits: normal(pass.logits.shape, seed), features: normal(pass.features.shape, seed + 1) };
  const gradients = pass.backward(slopes);
  const byName = Object.entries(model.weights).map(([name, { name: key }]) => [name, gradients[key]]);
  const result = { logits: tf.clone(pass.logits), features: tf.clone(pass.features) };
  pass.dispose();
  tf.dispose(slopes);
  return { ...result, ...Object.fromEntries(byName) };
}

for (const batch of [1, 2]) {
  inBfloat16(
    `a U-Net in bfloat16 has float32's weights, and nearly its outputs and gradients, batch of ${batch}`,
    () => {
      const [half, full] = [create("bfloat16"), create("float32")];
      assertEquals(Object.keys(half.weights), Object.keys(full.weights));
      for (const [name, weight] of Object.entries(half.weights)) {
        assertEquals(weight.dtype, "float32");
        assertEquals(weight.dataSync(), full.weights[name].dataSync());
      }
      tf.tidy(() => {
        const images = normal([batch, 4, 8, 8, 1], 4);
        const [a, b] = [half, full].map((model) => outcome(model, images));
        for (const [name, tensor] of Object.entries(a)) {
          assertEquals(tensor.shape, b[name].shape);
          assertEquals(tensor.dtype, "float32");
          const error = relativeDistance(tensor, b[name]);
          console.log(name, error / ROUNDING);
          assert(error > 0 && error < 20 * ROUNDING, `${name}: relative distance ${error}`);
        }
      });
      half.dispose();
      full.dispose();
    },
  );
}

inBfloat16(
  "a batch of three in bfloat16 is its samples', and gradients are their sums but for rounding",
  () => {
    const model = create("bfloat16");
    tf.tidy(() => {
      const samples = [1, 2, 3].map((seed) => normal([1, 4, 8, 8, 1], seed));
      const pass = model.pass(tf.concat(samples) as Tensor5D), alone = samples.map((x) => model.pass(x));
      for (const  of of["logits", "features"] as const) {
        tf.split(pass[of], 3).forEach((part, n) => {
          const error = relativeDistance(part, alone[n][of]);
          console.log(of, error / ROUNDING);
          assert(error < ROUNDING, `${of} of sample ${n}: ${error}`);
        });
      }
      const dLogits = normal(pass.logits.shape, 4);
      const sum = pass.backward({ logits: dLogits });
      const parts = tf.split(dLogits, 3).map((logits, n) => alone[n].backward({ logits }));
      for (const [name, gradient] of Object.entries(sum)) {
        const error = relativeDistance(gradient, tf.addN(parts.map((part) => part[name])));
        console.log(name, error / ROUNDING);
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
      const model = create("bfloat16"), images = normal([2, 4, 8, 8, 1], 4);
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
  const loss: BatchLoss = (batch, [view]) => [{
    ...{ learner: view.learner, name: "own", weight: 1 },
    value: supervision(view.logits, targetsOf(batch, { channels: [1] })),
  }];
  const values = Array.from({ length: 12 }, (_, step) => {
    const { gradients, terms } = batchGradients(batch, [{ learner, own: true }], { loss, step });
    learner.optimiser.apply(gradients, { learningRate: 0.02 });
    tf.dispose(gradients);
    return terms[0].value;
  });
  assert(values[11] < 0.7 * values[0], `${values}`);
  disposeLearner(learner);
});

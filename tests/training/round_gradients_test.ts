import type { NamedTensorMap, Scalar, Tensor } from "@tensorflow/tfjs-node-gpu";
import { assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { createLabelMap } from "../../lib/losses/label_map.ts";
import { stopGradient } from "../../lib/losses/stop_gradient.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import type { Strides } from "../../lib/models/layers.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { batchGradients, type BatchLoss } from "../../lib/training/batch_gradients.ts";
import { targetsOf } from "../../lib/training/batch_targets.ts";
import { disposeLearner, type Learner } from "../../lib/training/learner.ts";
import { referenceUnet } from "../support/models/reference_unet.ts";
import { assertLeavesNoTensors, PATCH, tinyBatch, tinyLearner } from "../support/training/tiny_learners.ts";

const supervised: BatchLoss = (batch, views) =>
  views.map(({ learner, own, logits }) => {
    const value = supervision(logits, targetsOf(batch, { channels: learner.organs }));
    return { learner, name: own ? "own" : "peer", value, weight: own ? 1 : 0.25 };
  });

function counted({ model }: Learner): { calls: number } {
  const counter = { calls: 0 };
  const { pass } = model;
  model.pass = (images) => (counter.calls++, pass(images));
  return counter;
}

const read = (gradients: NamedTensorMap) =>
  Object.fromEntries(Object.entries(gradients).map(([name, tensor]) => [name, [...tensor.dataSync()]]));

Deno.test("one forward pass a model and batch serves every term", () => {
  const [a, b] = [tinyLearner("a"), tinyLearner("b", [2])];
  const [countA, countB] = [counted(a), counted(b)];
  const visitors = [{ learner: a, own: true }, { learner: b, own: false }];
  const loss: BatchLoss = (batch, views, step) => [
    ...supervised(batch, views, step),
    ...views.map(({ learner, features }) => ({
      learner,
      name: "compare",
      weight: 1,
      value: tf.mean(tf.mul(features, stopGradient(views[0].features))) as Scalar,
    })),
  ];
  const { gradients, terms } = batchGradients(tinyBatch({ key: 1 }), visitors, { loss, step: 0 });
  tf.dispose(gradients);
  assertEquals([countA.calls, countB.calls], [1, 1]);
  assertEquals(terms.map(({ learner, name }) => `${learner.name} ${name}`), [
    "a own",
    "b peer",
    "a compare",
    "b compare",
  ]);
  [a, b].forEach(disposeLearner);
});

Deno.test("gradients summed over batches are the gradient of the weighted sum of their losses", () => {
  const network = { widths: [2, 4], strides: [[2, 2, 2]] as Strides[] };
  const learner = tinyLearner("a", [1, 2]);
  const batches = [tinyBatch({ key: 1 }), tinyBatch({ key: 2, labelSet: [2] })];
  const size = (features: Tensor) => tf.mean(tf.square(features)) as Scalar;
  const loss: BatchLoss = (batch, views, step) => [
    ...supervised(batch, views, step),
    ...views.map(({ features }) => ({ learner, name: "size", value: size(features), weight: 0.5 })),
  ];
  const parts = batches.map((batch, i) =>
    batchGradients(batch, [{ learner, own: i === 0 }], { loss, step: 0 }).gradients
  );
  const maps = batches.map(({ labels }) => createLabelMap(labels, [1, ...PATCH]));
  const { value, grads } = tf.variableGrads(() => {
    const losses = batches.map((batch, i) => {
      const images = tf.tensor5d(batch.images, [1, ...PATCH, 1]);
      const { logits, features } = referenceUnet(images, learner.model.weights, network);
      const own = supervision(logits, targetsOf({ ...batch, map: maps[i] }, { channels: learner.organs }));
      return tf.add(tf.mul(own, i === 0 ? 1 : 0.25), tf.mul(size(features), 0.5));
    });
    return tf.add(losses[0], losses[1]) as Scalar;
  }, learner.variables);
  const [one, two] = parts.map(read), whole = read(grads);
  assertEquals(Object.keys(one).toSorted(), Object.keys(whole).toSorted());
  for (const [name, values] of Object.entries(whole)) {
    values.forEach((value, i) => assertAlmostEquals(one[name][i] + two[name][i], value, 1e-5));
  }
  tf.dispose([...parts, grads, value, maps.map(({ rows }) => rows)]);
  disposeLearner(learner);
});

Deno.test("a model that no term looks at gets no gradients", () => {
  const [a, b] = [tinyLearner("a"), tinyLearner("b")];
  const visitors = [{ learner: a, own: true }, { learner: b, own: false }];
  const loss: BatchLoss = (batch, views, step) => supervised(batch, views.slice(0, 1), step);
  const { gradients } = batchGradients(tinyBatch({ key: 1 }), visitors, { loss, step: 0 });
  assertEquals(Object.keys(gradients).toSorted(), a.variables.map(({ name }) => name).toSorted());
  tf.dispose(gradients);
  [a, b].forEach(disposeLearner);
});

Deno.test("a compared model gets no gradient through another's term", () => {
  const [a, b] = [tinyLearner("a"), tinyLearner("b", [1], 2)];
  const visitors = [{ learner: a, own: true }, { learner: b, own: false }];
  const gradientsOfA = (weight: number) => {
    const loss: BatchLoss = (batch, views, step) => [
      ...supervised(batch, views, step),
      {
        learner: b,
        name: "compare",
        weight,
        value: tf.mean(tf.mul(views[1].features, stopGradient(views[0].features))) as Scalar,
      },
    ];
    const { gradients } = batchGradients(tinyBatch({ key: 1 }), visitors, { loss, step: 0 });
    const values = read(gradients);
    tf.dispose(gradients);
    return [a, b].map(({ variables }) => variables.map(({ name }) => values[name]));
  };
  const [[a0, b0], [a1, b1]] = [gradientsOfA(0), gradientsOfA(3)];
  assertEquals(a1, a0);
  assertNotEquals(b1, b0);
  [a, b].forEach(disposeLearner);
});

Deno.test("terms are reported without their weights", () => {
  const learner = tinyLearner("a");
  const loss = (weight: number): BatchLoss => (batch, views) =>
    supervised(batch, views, 0).map((term) => ({ ...term, weight }));
  const [light, heavy] = [0.5, 2].map((weight) => {
    const result = batchGradients(tinyBatch({ key: 1 }), [{ learner, own: true }], {
      loss: loss(weight),
      step: 0,
    });
    const values = read(result.gradients);
    tf.dispose(result.gradients);
    return { value: result.terms[0].value, values };
  });
  assertEquals(heavy.value, light.value);
  for (const [name, values] of Object.entries(light.values)) {
    assertEquals(heavy.values[name], values.map((value) => 4 * value), "gradients are weighted");
  }
  disposeLearner(learner);
});

Deno.test("a loss that is not finite names step, model, term and cases, and leaves no tensor", async () => {
  const learner = tinyLearner("a");
  const broken: BatchLoss = (batch, views, step) => [
    ...supervised(batch, views, step),
    { learner, name: "odd", value: tf.mul(tf.sum(views[0].logits), NaN) as Scalar, weight: 0.1 },
  ];
  await assertLeavesNoTensors(() => {
    assertThrows(
      () => batchGradients(tinyBatch({ key: 7 }), [{ learner, own: true }], { loss: broken, step: 11 }),
      Error,
      "Cannot train model a: its losses must be finite, odd is NaN at step 12 (cases case 7)",
    );
  });
  disposeLearner(learner);
});

Deno.test("a batch leaves no tensor but its gradients", async () => {
  const learner = tinyLearner("a");
  await assertLeavesNoTensors(() => {
    const { gradients } = batchGradients(tinyBatch({ key: 1 }), [{ learner, own: true }], {
      loss: supervised,
      step: 0,
    });
    tf.dispose(gradients);
  });
  disposeLearner(learner);
});

import type { NamedTensorMap, Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { createLabelMap } from "../../lib/losses/label_map.ts";
import { stopGradient } from "../../lib/losses/stop_gradient.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import type { Strides } from "../../lib/models/layers.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { targetsOf } from "../../lib/training/batch_targets.ts";
import { disposeLearner, type Learner } from "../../lib/training/learner.ts";
import { roundGradients } from "../../lib/training/round_gradients.ts";
import { learnFrom } from "../../lib/training/single_round.ts";
import { referenceUnet } from "../support/models/reference_unet.ts";
import { assertLeavesNoTensors, PATCH, tinyBatch, tinyLearner } from "../support/training/tiny_learners.ts";
import { type BatchTerms, learnTogether, networksOf, sharedRound } from "../support/training/tiny_rounds.ts";

/** By all labels; the first network is the batch's own. */
const supervised = (learners: readonly Learner[]): BatchTerms => (views, batch) =>
  views.map(({ network, logits }, i) => {
    const { organs } = learners.find(({ name }) => name === network)!;
    const value = supervision(logits, targetsOf(batch, { channels: organs }));
    return { network, name: i === 0 ? "own" : "peer", value, weight: i === 0 ? 1 : 0.25 };
  });

function counted({ model }: Learner): { calls: number } {
  const counter = { calls: 0 };
  const { pass } = model;
  model.pass = (images) => (counter.calls++, pass(images));
  return counter;
}

const read = (gradients: NamedTensorMap) =>
  Object.fromEntries(Object.entries(gradients).map(([name, tensor]) => [name, [...tensor.dataSync()]]));

Deno.test("one forward pass a look serves every term", () => {
  const learners = [tinyLearner("a"), tinyLearner("b", [2])];
  const counters = learners.map(counted);
  const terms: BatchTerms = (views, batch) => [
    ...supervised(learners)(views, batch),
    ...views.map(({ network, features }) => ({
      network,
      name: "compare",
      weight: 1,
      value: tf.mean(tf.mul(features, stopGradient(views[0]!.features))) as Scalar,
    })),
  ];
  const learned = learnTogether(tinyBatch({ key: 1 }), learners, { terms });
  tf.dispose(learned.gradients);
  assertEquals(counters.map(({ calls }) => calls), [1, 1]);
  assertEquals(learned.terms.map(({ network, name }) => `${network} ${name}`), [
    "a own",
    "b peer",
    "a compare",
    "b compare",
  ]);
  learners.forEach(disposeLearner);
});

Deno.test("gradients summed over batches are the gradient of the weighted sum of their losses", () => {
  const network = { widths: [2, 4], strides: [[2, 2, 2]] as Strides[] };
  const learner = tinyLearner("a", [1, 2]), weights = [1, 0.25];
  const batches = [tinyBatch({ key: 1 }), tinyBatch({ key: 2, labelSet: [2] })];
  const size = (features: Tensor) => tf.mean(tf.square(features)) as Scalar;
  const parts = batches.map((batch, i) =>
    learnFrom(batch, learner, ({ logits, features }, batch) => [
      {
        name: "own",
        value: supervision(logits, targetsOf(batch, { channels: [1, 2] })),
        weight: weights[i]!,
      },
      { name: "size", value: size(features), weight: 0.5 },
    ]).gradients
  );
  const maps = batches.map(({ labels }) => createLabelMap(labels, [1, ...PATCH]));
  const { value, grads } = tf.variableGrads(() => {
    const losses = batches.map((batch, i) => {
      const images = tf.tensor5d(batch.images, [1, ...PATCH, 1]);
      const { logits, features } = referenceUnet(images, learner.model.weights, network);
      const own = supervision(logits, targetsOf({ ...batch, map: maps[i]! }, { channels: learner.organs }));
      return tf.add(tf.mul(own, weights[i]!), tf.mul(size(features), 0.5));
    });
    return tf.add(losses[0]!, losses[1]!) as Scalar;
  }, learner.variables);
  const one = read(parts[0]!), two = read(parts[1]!), whole = read(grads);
  assertEquals(Object.keys(one).toSorted(), Object.keys(whole).toSorted());
  for (const [name, values] of Object.entries(whole)) {
    values.forEach((value, i) => assertAlmostEquals(one[name]![i]! + two[name]![i]!, value, 1e-5));
  }
  tf.dispose([...parts, grads, value, maps.map(({ hot }) => hot)]);
  disposeLearner(learner);
});

Deno.test("a model that no term looks at gets no gradients", () => {
  const learners = [tinyLearner("a"), tinyLearner("b")];
  const terms: BatchTerms = (views, batch) => supervised(learners)(views.slice(0, 1), batch);
  const { gradients } = learnTogether(tinyBatch({ key: 1 }), learners, { terms });
  assertEquals(Object.keys(gradients).toSorted(), learners[0]!.variables.map(({ name }) => name).toSorted());
  tf.dispose(gradients);
  learners.forEach(disposeLearner);
});

Deno.test("a compared model gets no gradient through another's term", () => {
  const learners = [tinyLearner("a"), tinyLearner("b", [1], 2)];
  const gradientsWith = (weight: number) => {
    const terms: BatchTerms = (views, batch) => [
      ...supervised(learners)(views, batch),
      {
        network: "b",
        name: "compare",
        weight,
        value: tf.mean(tf.mul(views[1]!.features, stopGradient(views[0]!.features))) as Scalar,
      },
    ];
    const { gradients } = learnTogether(tinyBatch({ key: 1 }), learners, { terms });
    const values = read(gradients);
    tf.dispose(gradients);
    return learners.map(({ variables }) => variables.map(({ name }) => values[name]));
  };
  const [[a0, b0], [a1, b1]] = [gradientsWith(0), gradientsWith(3)];
  assertEquals(a1, a0);
  assertNotEquals(b1, b0);
  learners.forEach(disposeLearner);
});

Deno.test("terms are reported without their weights", () => {
  const learner = tinyLearner("a");
  const reported = (weight: number) => {
    const terms: BatchTerms = (views, batch) =>
      supervised([learner])(views, batch).map((term) => ({ ...term, weight }));
    const result = learnTogether(tinyBatch({ key: 1 }), [learner], { terms });
    const values = read(result.gradients);
    tf.dispose(result.gradients);
    return { value: result.terms[0]!.value, values };
  };
  const [light, heavy] = [reported(0.5), reported(2)];
  assertEquals(heavy.value, light.value);
  for (const [name, values] of Object.entries(light.values)) {
    assertEquals(heavy.values[name], values.map((value) => 4 * value), "gradients are weighted");
  }
  disposeLearner(learner);
});

Deno.test("a loss that is not finite names step, model, term and cases, and leaves no tensor", async () => {
  const learner = tinyLearner("a");
  const terms: BatchTerms = (views, batch) => [
    ...supervised([learner])(views, batch),
    { network: "a", name: "odd", value: tf.mul(tf.sum(views[0]!.logits), NaN) as Scalar, weight: 0.1 },
  ];
  await assertLeavesNoTensors(() => {
    assertThrows(
      () => learnTogether(tinyBatch({ key: 7 }), [learner], { terms, step: 11 }),
      Error,
      "Cannot train model a: its losses must be finite, odd is NaN at step 12 (cases case 7)",
    );
  });
  disposeLearner(learner);
});

Deno.test("a batch leaves no tensor but its gradients", async () => {
  const learner = tinyLearner("a");
  await assertLeavesNoTensors(() => {
    tf.dispose(learnTogether(tinyBatch({ key: 1 }), [learner], { terms: supervised([learner]) }).gradients);
  });
  disposeLearner(learner);
});

Deno.test("a term's gradient is measured by the features of the last layer, with its weight; the sum's gradients stay", () => {
  const learner = tinyLearner("a", [1, 2]);
  const round = (measureTerms: boolean) => {
    const shared = sharedRound("batch", ["a"], ([view], batch) => [
      {
        network: "a",
        name: "own",
        value: supervision(view!.logits, targetsOf(batch, { channels: [1, 2] })),
        weight: 0.25,
      },
      { network: "a", name: "size", value: tf.mean(tf.square(view!.features)) as Scalar, weight: 3 },
      { network: "a", name: "constant", value: tf.scalar(7), weight: 1 },
    ]);
    return roundGradients(shared, {
      batches: [tinyBatch({ key: 1 })],
      networks: networksOf([learner]),
      step: 0,
      measureTerms,
    });
  };
  const measured = round(true), plain = round(false);
  assertEquals(read(measured.gradients), read(plain.gradients));
  assertEquals(plain.terms.map(({ gradient }) => gradient), [undefined, undefined, undefined]);
  const [own, size, constant] = measured.terms.map(({ gradient }) => gradient);
  const expected = tf.tidy(() => {
    const batch = tinyBatch({ key: 1 });
    const { features, logits } = learner.model.predict(tf.tensor5d(batch.images, [1, ...PATCH, 1]));
    const { "unet_logits/kernel": kernel, "unet_logits/bias": bias } = learner.model.weights;
    const map = createLabelMap(batch.labels, [1, ...PATCH]);
    const targets = targetsOf({ ...batch, map }, { channels: [1, 2] });
    const [width, classes] = kernel!.shape.slice(3) as [number, number];
    // The last layer written out, so that tfjs finds the gradient by what goes into it.
    const slope = tf.grad((x: Tensor) => {
      const z = tf.matMul(tf.reshape(x, [-1, width]), tf.reshape(kernel!, [width, classes]));
      return supervision(tf.reshape(tf.add(z, bias!), logits.shape) as Tensor5D, targets);
    })(features);
    const norms = [
      tf.norm(slope).dataSync()[0]! * 0.25,
      3 * 2 / features.size * tf.norm(features).dataSync()[0]!,
    ];
    map.hot.dispose();
    return tf.tensor1d(norms);
  });
  const [byOwn, bySize] = expected.dataSync();
  assertAlmostEquals(own!, byOwn!, 1e-6);
  assertAlmostEquals(size!, bySize!, 1e-6);
  assertEquals(constant, 0);
  tf.dispose([measured.gradients, plain.gradients, expected]);
  disposeLearner(learner);
});

Deno.test("measuring terms leaves no tensor behind", async () => {
  const learner = tinyLearner("a", [1]);
  await assertLeavesNoTensors(() => {
    const shared = sharedRound("batch", ["a"], supervised([learner]));
    const options = { batches: [tinyBatch({ key: 1 })], networks: networksOf([learner]), step: 0 };
    tf.dispose(roundGradients(shared, { ...options, measureTerms: true }).gradients);
  });
  disposeLearner(learner);
});

Deno.test("measuring one term after the other, what the tape keeps of the ways back does not pile up", () => {
  const learner = tinyLearner("a", [1]);
  const counts: number[] = [];
  const { pass } = learner.model;
  learner.model.pass = (images) => {
    const made = pass(images);
    return {
      ...made,
      gradientNorm: (slopes) => (counts.push(tf.memory().numTensors), made.gradientNorm(slopes)),
    };
  };
  const terms: BatchTerms = ([view], batch) =>
    ["one", "two", "three", "four"].map((name) => {
      const value = supervision(view!.logits, targetsOf(batch, { channels: [1] }));
      return { network: "a", name, value, weight: 1 };
    });
  const options = { batches: [tinyBatch({ key: 1 })], networks: networksOf([learner]), step: 0 };
  tf.dispose(
    roundGradients(sharedRound("batch", ["a"], terms), { ...options, measureTerms: true }).gradients,
  );
  assertEquals(counts.length, 4);
  assertEquals([...new Set(counts)], [counts[0]]);
  disposeLearner(learner);
});

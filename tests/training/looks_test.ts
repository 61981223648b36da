/** Looks of a round that are not simply one network at the drawn batch. */
import type { NamedTensorMap, Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { supervision } from "../../lib/losses/supervision.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { targetsOf } from "../../lib/training/batch_targets.ts";
import { disposeLearner, type Learner } from "../../lib/training/learner.ts";
import {
  type LabelledBatch,
  type NetworkRole,
  type Round,
  round,
  type View,
} from "../../lib/training/plan.ts";
import { roundGradients } from "../../lib/training/round_gradients.ts";
import { learnFrom } from "../../lib/training/single_round.ts";
import {
  assertLeavesNoTensors,
  idleLearner,
  tinyBatch,
  tinyLearner,
} from "../support/training/tiny_learners.ts";
import { networksOf } from "../support/training/tiny_rounds.ts";

const ownTerm = ({ logits }: View, batch: LabelledBatch) => ({
  name: "own",
  value: supervision(logits, targetsOf(batch, { channels: [1] })),
  weight: 1,
});
const distance = (a: Tensor, b: Tensor) => tf.mean(tf.square(tf.sub(a, b))) as Scalar;

/** Values by variable name; the gradients are disposed. */
function valuesOf(gradients: NamedTensorMap): Record<string, number[]> {
  const values = Object.entries(gradients).map(([name, tensor]) => [name, [...tensor.dataSync()]]);
  tf.dispose(gradients);
  return Object.fromEntries(values);
}

function gradientsOf(of: Round, learners: Learner[], batches = [tinyBatch({ key: 1 })]) {
  return valuesOf(roundGradients(of, { batches, networks: networksOf(learners), step: 0 }).gradients);
}

Deno.test("two looks of one network in a round sum their gradients", () => {
  const learner = tinyLearner("a");
  const batches = [tinyBatch({ key: 1 }), tinyBatch({ key: 2 })];
  const both = gradientsOf(
    round({
      draws: ["one", "two"],
      looks: ([one, two]) => ({
        first: { network: "a", images: one.tensor },
        second: { network: "a", images: two.tensor },
      }),
      terms: ({ first, second }, [one, two]) => [
        { ...ownTerm(first, one), network: "a" },
        { ...ownTerm(second, two), network: "a" },
      ],
    }),
    [learner],
    batches,
  );
  const [one, two] = batches.map((batch) =>
    valuesOf(learnFrom(batch, learner, (view, batch) => [ownTerm(view, batch)]).gradients)
  ) as [Record<string, number[]>, Record<string, number[]>];
  assertEquals(Object.keys(both), Object.keys(one));
  for (const [name, values] of Object.entries(both)) {
    assertEquals(values, one[name]!.map((value, i) => Math.fround(value + two[name]![i]!)), name);
  }
  assertNotEquals(one, two);
  disposeLearner(learner);
});

const roles: NetworkRole[] = ["frozen", { follows: "a", decay: 0.9 }];
for (const role of roles) {
  Deno.test(`a look of a network that ${JSON.stringify(role)} is a constant`, async () => {
    const learner = tinyLearner("a"), learners = [learner, idleLearner("b", role, 2)];
    const batch = tinyBatch({ key: 1 });
    let seen: number[] = [];
    const withIdle = () =>
      round({
        draws: ["one"],
        looks: ([{ tensor }]) => ({
          learns: { network: "a", images: tensor },
          stays: { network: "b", images: tensor },
        }),
        terms({ learns, stays }) {
          seen = [...stays.features.dataSync()];
          // Nothing here stops a gradient.
          return [{ network: "a", name: "far", value: distance(learns.features, stays.features), weight: 1 }];
        },
      });
    const gradients = gradientsOf(withIdle(), learners);
    const own = new Set(learner.variables.map(({ name }) => name));
    assertEquals(Object.keys(gradients).filter((name) => !own.has(name)), []);
    // As if the values had come from elsewhere.
    const asNumbers = learnFrom(batch, learner, ({ features }) => [
      { name: "far", value: distance(features, tf.tensor(seen, features.shape)), weight: 1 },
    ]);
    assertEquals(gradients, valuesOf(asNumbers.gradients));
    await assertLeavesNoTensors(() => void gradientsOf(withIdle(), learners));
    learners.forEach(disposeLearner);
  });
}

Deno.test("images that a look made are what the network sees, and are freed", async () => {
  const learner = tinyLearner("a");
  const brighter = (by: number) =>
    round({
      draws: ["one"],
      looks: ([{ tensor }]) => ({
        look: { network: "a", images: tf.mul(tf.add(tensor, by), 1) as Tensor5D },
      }),
      terms: ({ look }, [one]) => [{ ...ownTerm(look, one), network: "a" }],
    });
  const batch = tinyBatch({ key: 1 });
  const plain = valuesOf(learnFrom(batch, learner, (view, batch) => [ownTerm(view, batch)]).gradients);
  assertEquals(gradientsOf(brighter(0), [learner]), plain);
  assertNotEquals(gradientsOf(brighter(1), [learner]), plain);
  await assertLeavesNoTensors(() => void gradientsOf(brighter(1), [learner]));
  disposeLearner(learner);
});

Deno.test("a look of an unknown network is refused, and leaves no tensor", async () => {
  const learners = [tinyLearner("a"), idleLearner("b", "frozen")];
  const unknown = round({
    draws: ["one"],
    looks: ([{ tensor }]) => ({
      known: { network: "a", images: tensor },
      idle: { network: "b", images: tensor },
      made: { network: "c", images: tf.mul(tensor, 2) as Tensor5D },
    }),
    terms: () => [],
  });
  await assertLeavesNoTensors(() => {
    assertThrows(
      () => gradientsOf(unknown, learners),
      Error,
      "Cannot train: a look must be of one of a, b, current network is c",
    );
  });
  learners.forEach(disposeLearner);
});

Deno.test("nor does one whose terms fail leave a tensor", async () => {
  const learner = tinyLearner("a");
  const failing = round({
    draws: ["one"],
    looks: ([{ tensor }]) => ({ look: { network: "a", images: tf.mul(tensor, 2) as Tensor5D } }),
    terms() {
      throw new Error("no such term");
    },
  });
  await assertLeavesNoTensors(() => {
    assertThrows(() => gradientsOf(failing, [learner]), Error, "no such term");
  });
  disposeLearner(learner);
});

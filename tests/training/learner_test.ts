import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { tf } from "../../lib/tensors/tf.ts";
import {
  disposeLearner,
  follow,
  keepBest,
  type Learner,
  learnersState,
  loadLearners,
} from "../../lib/training/learner.ts";
import {
  assertLeavesNoTensors,
  idleLearner,
  tinyLearner,
  weightsOf,
} from "../support/training/tiny_learners.ts";
import { networksOf } from "../support/training/tiny_rounds.ts";

/** One update with gradients of all ones times `size`. */
function update(learner: Learner, size: number) {
  const gradients = Object.fromEntries(learner.variables.map((v) => [v.name, tf.fill(v.shape, size)]));
  learner.optimiser!.apply(gradients, { learningRate: 0.1 });
  tf.dispose(gradients);
}

function bestWeights(learner: Learner): number[] {
  return Object.values(learner.best.weights).flatMap((tensor) => [...tensor.dataSync()]);
}

const histories: [name: string, scores: number[], best: { step: number; score: number }][] = [
  ["the highest score wins", [0.1, 0.5, 0.3], { step: 2, score: 0.5 }],
  ["of equal scores the first", [0.4, 0.4], { step: 1, score: 0.4 }],
  ["a score of 0 is a score", [0, 0], { step: 1, score: 0 }],
  ["unknown is no score", [0.2, NaN], { step: 1, score: 0.2 }],
  ["a score wins over unknown", [NaN, 0.1, NaN], { step: 2, score: 0.1 }],
  ["without any score the latest weights stay, not the first", [NaN, NaN], { step: 2, score: -Infinity }],
];
for (const [name, scores, { step, score }] of histories) {
  Deno.test(`selection: ${name}`, () => {
    const learner = tinyLearner("a");
    let wanted: number[] = [];
    scores.forEach((value, i) => {
      update(learner, i + 1);
      if (i + 1 === step) wanted = weightsOf(learner.model);
      keepBest(learner, value, i + 1);
    });
    assertEquals(learner.best.step, step);
    assertEquals(learner.best.score, score);
    assertEquals(bestWeights(learner), wanted);
    disposeLearner(learner);
  });
}

Deno.test("equal seeds start with equal weights up to the last layer, whatever the organs", () => {
  const [a, b, c] = [tinyLearner("a", [1]), tinyLearner("b", [2, 3]), tinyLearner("c", [1], 2)];
  assertEquals(hidden(a), hidden(b));
  assertNotEquals(hidden(a), hidden(c));
  [a, b, c].forEach(disposeLearner);
});

/** Of all layers but the last. */
function hidden({ model }: Learner): number[][] {
  return Object.entries(model.weights).filter(([name]) => !name.includes("logits"))
    .map(([, weight]) => [...weight.dataSync()]);
}

Deno.test("a learner goes on from its state with the same bits", async () => {
  await assertLeavesNoTensors(() => {
    const first = [tinyLearner("a"), tinyLearner("b", [1, 2])];
    first.forEach((learner, i) => {
      update(learner, 0.3 + i);
      keepBest(learner, 0.5, 1);
      update(learner, -0.2);
    });
    const state = learnersState(first);
    const second = [tinyLearner("a", [1], 5), tinyLearner("b", [1, 2], 6)];
    loadLearners(second, { tensors: state.tensors, meta: JSON.parse(JSON.stringify(state.meta)) });
    tf.dispose(state.tensors);
    for (const learner of [...first, ...second]) update(learner, 0.1);
    first.forEach((learner, i) => {
      const resumed = second[i]!;
      assertEquals(weightsOf(resumed.model), weightsOf(learner.model));
      assertEquals(bestWeights(resumed), bestWeights(learner));
      assertEquals(resumed.best.score, 0.5);
      assert(bestWeights(learner).some((value, k) => value !== weightsOf(learner.model)[k]));
    });
    [...first, ...second].forEach(disposeLearner);
  });
});

Deno.test("a state of before networks had a key of their own is still understood", () => {
  const [first, second] = [tinyLearner("a"), tinyLearner("a", [1], 2)], frozen = idleLearner("f", "frozen");
  update(first, 1);
  keepBest(first, 0.5, 3);
  const { tensors, meta: { networks } } = learnersState([first]);
  loadLearners([second, frozen], { tensors, meta: JSON.parse(JSON.stringify(networks)) });
  tf.dispose(tensors);
  assertEquals([weightsOf(second.model), second.best.step], [weightsOf(first.model), 3]);
  assertEquals([second.optimiser!.updates, frozen.best.step], [1, 0]);
  [first, second, frozen].forEach(disposeLearner);
});

Deno.test("a state without a score yet goes through JSON", () => {
  const [first, second] = [tinyLearner("a"), tinyLearner("a")];
  const state = learnersState([first]);
  loadLearners([second], { tensors: state.tensors, meta: JSON.parse(JSON.stringify(state.meta)) });
  tf.dispose(state.tensors);
  assertEquals(second.best.score, -Infinity);
  keepBest(second, 0, 3);
  assertEquals(second.best.step, 3);
  [first, second].forEach(disposeLearner);
});

/** Sets all weights to one value. */
function fill({ variables }: Learner, value: number): void {
  for (const variable of variables) tf.tidy(() => variable.assign(tf.fill(variable.shape, value)));
}

Deno.test("a network that follows keeps the share `decay` of its weights, at first less; others stay", async () => {
  await assertLeavesNoTensors(() => {
    const leader = tinyLearner("a"), follower = idleLearner("b", { follows: "a", decay: 0.75 });
    const frozen = idleLearner("c", "frozen");
    const all = new Map(networksOf([leader, follower, frozen]));
    fill(leader, 6);
    fill(follower, 2);
    fill(frozen, 1);
    // After the leader's update t the share is min(0.75, 1 − 1/t): 0, 1/2 and then 0.75.
    const values: [updates: number, before: number, wanted: number][] = [[1, 2, 6], [2, 2, 4], [4, 2, 3], [
      99,
      3,
      3.75,
    ]];
    for (const [updates, before, wanted] of values) {
      fill(follower, before);
      all.set("a", { ...leader, optimiser: { ...leader.optimiser!, updates } });
      for (const learner of all.values()) follow(learner, all);
      assertEquals(new Set(weightsOf(follower.model)), new Set([wanted]));
    }
    assertEquals(new Set(weightsOf(leader.model)), new Set([6]));
    assertEquals(new Set(weightsOf(frozen.model)), new Set([1]));
    [leader, follower, frozen].forEach(disposeLearner);
  });
});

Deno.test("a network that follows starts like its leader, and needs no optimiser to go on", async () => {
  await assertLeavesNoTensors(() => {
    const leader = tinyLearner("a"), role = { follows: "a", decay: 0.5 };
    const [first, second] = [idleLearner("b", role, 1), idleLearner("b", role, 2)];
    assertEquals(weightsOf(first.model), weightsOf(leader.model));
    assertEquals([first.optimiser, second.optimiser], [undefined, undefined]);
    for (const seed of [1, 2]) update(leader, seed);
    follow(first, networksOf([leader, first]));
    keepBest(first, 0.5, 7);
    follow(first, networksOf([leader, first]));
    const state = learnersState([first]);
    assertEquals(Object.keys(state.tensors).filter((name) => name.includes("optimiser")), []);
    loadLearners([second], { tensors: state.tensors, meta: JSON.parse(JSON.stringify(state.meta)) });
    tf.dispose(state.tensors);
    assertEquals(weightsOf(second.model), weightsOf(first.model));
    assertEquals(bestWeights(second), bestWeights(first));
    assertEquals([second.best.score, second.best.step], [0.5, 7]);
    assertNotEquals(bestWeights(second), weightsOf(second.model));
    [leader, first, second].forEach(disposeLearner);
  });
});

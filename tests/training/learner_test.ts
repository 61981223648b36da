import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { tf } from "../../lib/tensors/tf.ts";
import {
  disposeLearner,
  keepBest,
  type Learner,
  learnersState,
  loadLearners,
} from "../../lib/training/learner.ts";
import { assertLeavesNoTensors, tinyLearner, weightsOf } from "../support/training/tiny_learners.ts";

/** One update with gradients of all ones times `size`. */
function update(learner: Learner, size: number) {
  const gradients = Object.fromEntries(learner.variables.map((v) => [v.name, tf.fill(v.shape, size)]));
  learner.optimiser.apply(gradients, { learningRate: 0.1 });
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
    for (const learner of [...first, ...second]) update(learner, 0.1);
    first.forEach((learner, i) => {
      assertEquals(weightsOf(second[i].model), weightsOf(learner.model));
      assertEquals(bestWeights(second[i]), bestWeights(learner));
      assertEquals(second[i].best.score, 0.5);
      assert(bestWeights(learner).some((value, k) => value !== weightsOf(learner.model)[k]));
    });
    [...first, ...second].forEach(disposeLearner);
  });
});

Deno.test("a state without a score yet goes through JSON", () => {
  const [first, second] = [tinyLearner("a"), tinyLearner("a")];
  const state = learnersState([first]);
  loadLearners([second], { tensors: state.tensors, meta: JSON.parse(JSON.stringify(state.meta)) });
  assertEquals(second.best.score, -Infinity);
  keepBest(second, 0, 3);
  assertEquals(second.best.step, 3);
  [first, second].forEach(disposeLearner);
});

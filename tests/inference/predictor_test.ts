import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { createHead } from "../../lib/models/heads/create_head.ts";
import { SOFTMAX } from "../../lib/models/heads/head_plan.ts";
import type { Unet } from "../../lib/models/unet.ts";
import { tf } from "../../lib/tensors/tf.ts";
import {
  averagePredictor,
  mergedPredictor,
  type Predictor,
  predictorOf,
} from "../../lib/inference/predictor.ts";
import { disposeLearner } from "../../lib/training/learner.ts";
import { assertLeavesNoTensors, tinyLearner } from "../support/training/tiny_learners.ts";

/** A network that says the same probabilities everywhere. */
function constant(name: string, organs: number[], probabilities: number[]) {
  const predict = (window: Tensor5D) => {
    const shape = window.shape.slice(0, 4);
    const logits = tf.tile(tf.tensor(probabilities.map(Math.log), [1, 1, 1, 1, probabilities.length]), [
      ...shape,
      1,
    ]);
    return { logits, features: window };
  };
  const head = createHead(SOFTMAX, { classes: organs.length + 1, features: 1 });
  return { name, organs, model: { predict, head } as unknown as Unet };
}

/** What the predictor says of a voxel; and that it leaves one tensor, the caller's. */
function say(predictor: Predictor): number[] {
  const before = tf.memory().numTensors;
  const window = tf.zeros([1, 2, 1, 1, 1]) as Tensor5D;
  const result = predictor.predict(window);
  assertEquals(result.shape, [1, 2, 1, 1, predictor.classes]);
  assertEquals(tf.memory().numTensors, before + 2);
  const values = [...result.dataSync()];
  tf.dispose([window, result]);
  assertEquals(values.slice(0, predictor.classes), values.slice(predictor.classes));
  return values.slice(0, predictor.classes);
}

function assertSays(predictor: Predictor, expected: number[]) {
  say(predictor).forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-6));
}

const first = constant("first", [1, 2], [0.5, 0.3, 0.2]);
const second = constant("second", [1, 2], [0.1, 0.1, 0.8]);

Deno.test("one model speaks for itself, several by their mean", () => {
  assertSays(averagePredictor([first]), [0.5, 0.3, 0.2]);
  assertSays(averagePredictor([first, second]), [0.3, 0.2, 0.5]);
});

Deno.test("organs that are not decided for have no vote, and background of merged models is what the others leave", () => {
  // What is left is a softmax of the others: 0.5 and 0.3 of 0.8, 0.1 and 0.1 of 0.2, and their mean.
  assertSays(averagePredictor([first], { without: [2] }), [0.625, 0.375, 0]);
  assertSays(averagePredictor([first, second], { without: [2] }), [0.5625, 0.4375, 0]);
  const own = constant("own", [3, 1], [0.5, 0.3, 0.2]);
  assertSays(averagePredictor([own], { without: [1, 2] }), [0.625, 0.375, 0]);
  // However certain the network is of what is not decided for (temperature 0.01 and cosines of 1, 0.1 and -0.1).
  const certain = constant("certain", [1, 2], [-10, 10, 100].map((z) => Math.exp(z - 100)));
  assertSays(averagePredictor([certain], { without: [2] }), [Math.exp(-20), 1, 0]);
  const b = constant("b", [2], [0.6, 0.4]), d = constant("d", [1], [0.3, 0.7]);
  assertSays(mergedPredictor([b, d], 2, { without: [1] }), [0.6, 0, 0.4]);
  for (const inference of ["best", "mean"] as const) {
    const models = [{ ...first, validationDice: 0.5 }];
    assertSays(predictorOf(models, { inference, organCount: 2, without: [1] }), [5 / 7, 0, 2 / 7]);
  }
});

Deno.test("merged models: each organ from its owners, background is what the largest leaves", () => {
  const a = constant("a", [1, 3], [0.2, 0.7, 0.1]);
  const b = constant("b", [2], [0.6, 0.4]);
  const c = constant("c", [3, 2], [0.2, 0.3, 0.5]);
  // q1 = 0.7; q2 = (0.4 + 0.5)/2; q3 = (0.1 + 0.3)/2.
  const merged = mergedPredictor([a, b, c], 3);
  assertEquals(merged.classes, 4);
  assertSays(merged, [0.3, 0.7, 0.45, 0.2]);
  assertSays(mergedPredictor([b, constant("d", [1], [0.9, 0.1])], 2), [0.6, 0.1, 0.4]);
});

Deno.test("merged models: who saw an organ in a group alone is asked only where nobody tells it apart", () => {
  const joint = { ...constant("a", [1, 2], [0.2, 0.4, 0.4]), joint: [1, 2] };
  const b = constant("b", [1], [0.1, 0.9]);
  assertSays(mergedPredictor([joint, b], 2), [0.1, 0.9, 0.4]);
});

Deno.test("merged models must own every organ", () => {
  assertThrows(() => mergedPredictor([constant("a", [1, 3], [0.2, 0.7, 0.1])], 3), Error, "organ 2 has none");
});

Deno.test("a rule of inference chooses the predictor", () => {
  const models = [
    { ...first, validationDice: -Infinity },
    { ...second, validationDice: 0.4 },
    { ...first, validationDice: 0.4 },
  ];
  assertSays(predictorOf(models, { inference: "best", organCount: 2 }), [0.1, 0.1, 0.8]);
  assertSays(predictorOf(models, { inference: "mean", organCount: 2 }), [
    1.1 / 3,
    0.7 / 3,
    1.2 / 3,
  ]);
  assertSays(predictorOf(models, { inference: "merged", organCount: 2 }), [1 - 1.2 / 3, 0.7 / 3, 1.2 / 3]);
});

Deno.test("without any model there is no predictor", () => {
  for (const inference of ["best", "mean"] as const) {
    const without = () => predictorOf([], { inference, organCount: 2 });
    assertThrows(without, Error, "Cannot predict: there must be at least one model, current number is 0");
  }
});

Deno.test("networks leave nothing of a window behind but the probabilities", async () => {
  const models = [tinyLearner("a", [1, 2]), tinyLearner("b", [1, 2], 2)];
  for (const predictor of [averagePredictor(models), mergedPredictor(models, 2)]) {
    await assertLeavesNoTensors(() => {
      const window = tf.ones([1, 4, 4, 4, 1]) as Tensor5D;
      tf.dispose([window, predictor.predict(window)]);
    });
  }
  models.forEach(disposeLearner);
});

Deno.test("a channel is not taken for an organ that it is not of", () => {
  const swapped = { ...constant("swapped", [2, 1], [0.5, 0.3, 0.2]), validationDice: 0.9 };
  const partial = { ...constant("partial", [1], [0.5, 0.5]), validationDice: 0.1 };
  const whole = { ...first, validationDice: 0.5 };
  for (const inference of ["best", "mean"] as const) {
    for (const [wrong, organs] of [[swapped, "2, 1"], [partial, "1"]] as const) {
      assertThrows(
        () => predictorOf([whole, wrong], { inference, organCount: 2 }),
        Error,
        `models must have the organs 1 to 2 in this order, those of ${wrong.name} are ${organs};`,
      );
    }
  }
  assertSays(predictorOf([swapped], { inference: "merged", organCount: 2 }), [0.7, 0.2, 0.3]);
});

import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { IGNORED, UNCERTAIN } from "../../lib/data/label_set.ts";
import type { Shape } from "../../lib/imaging/volume.ts";
import { tf } from "../../lib/tensors/tf.ts";
import type { Predictor } from "../../lib/inference/predictor.ts";
import { decidePseudoLabels, type DecisionOptions } from "../../lib/labels/pseudo_decision.ts";
import { fakeModel } from "../support/training/fake_model.ts";
import { mergedPredictor } from "../../lib/inference/predictor.ts";

/** Organs 1, 2, 3; q of organs 2 and 3 are the intensity's tens and ones: 7.2 says 0.7 and 0.2. */
const predictor: Predictor = {
  classes: 4,
  predict: (window) =>
    tf.tidy(() => {
      const two = tf.floor(window), three = tf.mul(tf.sub(window, two), 10);
      const [q2, q3] = [tf.div(two, 10), tf.div(tf.round(three), 10)];
      const one = tf.fill(window.shape, 0.99);
      return tf.concat([tf.zerosLike(window), one, q2, q3], 4) as Tensor5D;
    }),
};

function decide(image: number[], truth: number[], changes: Partial<DecisionOptions> = {}) {
  const shape: Shape = [1, 1, image.length];
  return decidePseudoLabels(Float32Array.from(image), Uint8Array.from(truth), {
    shape,
    predictor,
    window: shape,
    missing: [2, 3],
    organThreshold: 0.5,
    backgroundThreshold: 0.3,
    clean: false,
    ...changes,
  });
}

const voxels: [name: string, q: number, truth: number, label: number][] = [
  ["the organ of the largest q", 6.1, 0, 2],
  ["the other organ", 1.6, 0, 3],
  ["both above the threshold, one larger", 6.8, 0, 3],
  ["background below the lower threshold", 2.2, 0, 0],
  ["between the thresholds nobody knows", 4.1, 0, UNCERTAIN],
  ["at the upper threshold: not yet", 5.1, 0, UNCERTAIN],
  ["a true label wins over a sure model", 9.0, 1, 1],
  ["what is ignored stays so", 9.0, IGNORED, IGNORED],
];
for (const [name, q, truth, label] of voxels) {
  Deno.test(`pseudo label: ${name}`, () => assertEquals([...decide([q], [truth]).labels], [label]));
}

Deno.test("a truly labelled organ gets no pseudo label, however sure a model is of it", () => {
  // Organ 1 has q = 0.99 everywhere.
  assertEquals([...decide([0, 0], [0, 1]).labels], [0, 1]);
  assertEquals([...decide([8, 0.9], [0, 0], { missing: [3] }).labels], [0, 3]);
});

Deno.test("cleaning keeps the largest piece; nobody decides the rest; truth is not touched", () => {
  const image = [8, 8, 0, 8, 0, 0.8, 0, 8], truth = [0, 0, 0, 0, 0, 0, 0, 1];
  assertEquals([...decide(image, truth).labels], [2, 2, 0, 2, 0, 3, 0, 1]);
  assertEquals([...decide(image, truth, { clean: true }).labels], [2, 2, 0, UNCERTAIN, 0, 3, 0, 1]);
});

Deno.test("confidence is the mean q of what is left", () => {
  const image = [8, 6, 0, 9], truth = [0, 0, 0, 0];
  const { confidence } = decide(image, truth);
  assertAlmostEquals(confidence.get(2)!, (0.8 + 0.6 + 0.9) / 3, 1e-6);
  assert(Number.isNaN(confidence.get(3)!));
  assertAlmostEquals(decide(image, truth, { clean: true }).confidence.get(2)!, 0.7, 1e-6);
});

Deno.test("q is the mean over the models that own an organ", () => {
  const owners = [fakeModel("a", [1, 2]), fakeModel("b", [2], { sure: 0.5 }), fakeModel("c", [3])];
  const { labels, confidence } = decide([1, 2, 3, 0], [0, 0, 0, 0], {
    missing: [1, 2, 3],
    predictor: mergedPredictor(owners, 3),
  });
  assertEquals([...labels], [1, 2, 3, 0]);
  assertAlmostEquals(confidence.get(2)!, 0.7, 1e-5);
});

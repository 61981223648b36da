import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED, UNCERTAIN } from "../../lib/data/label_set.ts";
import { labelSetDice } from "../../lib/losses/label_set_dice.ts";
import { leafDice } from "../support/losses/leaf_dice.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import { labelSetCrossEntropy } from "../../lib/losses/label_set_cross_entropy.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { checkGradient } from "../support/losses/finite_difference.ts";
import {
  assertNoLeak,
  batchTargets,
  logitsOf,
  seededNormal,
  tinyTargets,
  valueAndGradient,
} from "../support/losses/tiny_batch.ts";

const channels = [1, 2];

/** 1 − Dice by hand, from [voxel][channel] probabilities. */
const byHand: [name: string, trueSet: number[], codes: number[], p: number[][], expected: number][] = [
  ["perfect", [1, 2], [0, 1, 2], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], 0],
  ["all background", [1, 2], [0, 1, 2], [[1, 0, 0], [1, 0, 0], [1, 0, 0]], 1],
  // Organ 1: overlap 0.5, mass 0.5 + 0.25, volume 1. Organ 2 is absent from the truth: it leaves the mean.
  ["absent organ leaves", [1, 2], [0, 1], [[0.5, 0.25, 0.25], [0.5, 0.5, 0]], 1 - 1 / 1.75],
  // Organ 2 has no label here: background says nothing of it, and it is no organ of the mean.
  ["unlabelled organ", [1], [0, 1], [[0, 0, 1], [0, 1, 0]], 0],
  // Organ 1 is pseudo-labelled elsewhere: an uncertain voxel leaves numerator and denominator.
  ["uncertain for an unlabelled organ", [2], [2, UNCERTAIN], [[0, 0, 1], [0, 1, 0]], 0],
  // But of the labelled organ 2 the uncertain voxel is certain: overlap 1, mass 1.5, volume 1.
  ["uncertain, yet not the labelled organ", [2], [2, UNCERTAIN], [[0, 0, 1], [0.5, 0, 0.5]], 1 - 2 / 2.5],
  ["ignored", [1, 2], [1, IGNORED], [[0, 1, 0], [0, 1, 0]], 0],
];
for (const [name, trueSet, codes, p, expected] of byHand) {
  Deno.test(`labelSetDice by hand: ${name}`, () => {
    tf.tidy(() => {
      const loss = labelSetDice(logitsOf(p), tinyTargets(codes, trueSet, { channels }), { epsilon: 1e-9 });
      assertAlmostEquals(loss.dataSync()[0], expected, 1e-6);
    });
  });
}

Deno.test("labelSetDice sums over the batch, whose samples have different label sets", () => {
  tf.tidy(() => {
    const targets = batchTargets([[1, 0], [2, 0]], [[1], [2]], { channels });
    const logits = tf.reshape(
      logitsOf([[0, 1, 0], [0.5, 0, 0.5], [0, 0.5, 0.5], [0.5, 0.5, 0]]),
      [2, 1, 1, 2, 3],
    ) as Tensor5D;
    // Organ 1: overlap 1; the voxel labelled 2 is known not to be 1: mass 1 + 0.5; volume 1. Its own unlabelled background leaves.
    // Organ 2: overlap 0.5; mass 0.5 (the voxel labelled 1 has none); volume 1; the background of sample 1 leaves.
    const expected = ((1 - 2 / 2.5) + (1 - 1 / 1.5)) / 2;
    assertAlmostEquals(labelSetDice(logits, targets, { epsilon: 1e-9 }).dataSync()[0], expected, 1e-6);
  });
});

Deno.test("labelSetDice weighs pseudo labels", () => {
  tf.tidy(() => {
    const targets = tinyTargets([1, 2], [2], { channels, pseudo: { organs: [1], weight: 0.5 } });
    const loss = labelSetDice(logitsOf([[0.5, 0.5, 0], [0, 0.5, 0.5]]), targets, { epsilon: 1e-9 });
    // Organ 1: overlap 0.25, mass 0.25 + 0.5, volume 0.5. Organ 2: overlap 0.5, mass 0.5, volume 1.
    assertAlmostEquals(loss.dataSync()[0], ((1 - 0.5 / 1.25) + (1 - 1 / 1.5)) / 2, 1e-6);
  });
});

Deno.test("labelSetDice without any present organ is 0 and adds nothing to a gradient", () => {
  tf.tidy(() => {
    const targets = tinyTargets([0, 0], [1, 2], { channels });
    const logits = seededNormal([1, 1, 1, 2, 3], 1);
    assertEquals(labelSetDice(logits, targets).dataSync()[0], 0);
    const alone = valueAndGradient((z) => labelSetCrossEntropy(z, targets), logits);
    assertEquals(valueAndGradient((z) => supervision(z, targets), logits), alone);
  });
});

Deno.test("labelSetDice: gradient equals finite differences, and has none on voxels it does not count", () => {
  tf.tidy(() => {
    const targets = batchTargets([[0, 1, 2, UNCERTAIN, IGNORED], [0, 2, 5, 0, IGNORED]], [[1], [2, 5]], {
      channels: [1, 2, 3],
      pseudo: { organs: [3], weight: 0.5 },
    });
    const gradient = checkGradient(
      (z) => labelSetDice(z as Tensor5D, targets),
      seededNormal([2, 1, 1, 5, 4], 3),
    );
    assert(gradient.slice(16, 20).every((g) => g === 0));
    checkGradient((z) => supervision(z as Tensor5D, targets), seededNormal([2, 1, 1, 5, 4], 4));
  });
});

Deno.test("labelSetDice is deterministic and leaks nothing", () => {
  const logits = seededNormal([1, 1, 1, 3, 3], 4);
  const step = () =>
    tf.tidy(() =>
      valueAndGradient((z) => labelSetDice(z, tinyTargets([0, 1, 2], [1, 2], { channels })), logits)
    );
  assertNoLeak(() => void step());
  assertEquals(step(), step());
  logits.dispose();
});

/** Published vectors of leaf Dice: 4 classes, 4 = {2, 3}; target rows 0000/0110/0440/0000. */
const target = [0, 0, 0, 0, 0, 1, 1, 0, 0, 4, 4, 0, 0, 0, 0, 0];
const leafVectors: [name: string, prediction: number[], expected: number][] = [
  ["perfect", target.map((code) => code === 4 ? 2 : code), 0.5],
  ["class 1 inside the superset", target.map((code) => code === 4 ? 1 : code), 1 - 1 / 4 * (1 + 2 / 3)],
  ["all background", target.map(() => 0), 1 - 1 / 4 * 24 / 28],
];
for (const [name, prediction, expected] of leafVectors) {
  Deno.test(`leafDice, published vector: ${name}`, () => {
    tf.tidy(() => {
      const options = { channels: [1, 2, 3], supersets: { 4: [2, 3] } };
      const logits = logitsOf(prediction.map((c) => [0, 1, 2, 3].map((k) => k === c ? 1 : 0)));
      const loss = leafDice(logits, tinyTargets(target, [1, 2, 3], options));
      assertAlmostEquals(loss.dataSync()[0], expected, 1e-5);
    });
  });
}

Deno.test("leafDice: gradient equals finite differences", () => {
  tf.tidy(() => {
    const targets = tinyTargets([0, 1, 4, 0], [1, 2, 3], { channels: [1, 2, 3], supersets: { 4: [2, 3] } });
    checkGradient((z) => leafDice(z as Tensor5D, targets), seededNormal([1, 1, 1, 4, 4], 3));
  });
});

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED } from "../../lib/data/label_set.ts";
import { allowedTable, type AllowedTableOptions } from "../../lib/losses/allowed.ts";
import { labelSetCrossEntropy } from "../../lib/losses/label_set_cross_entropy.ts";
import { labelSetDice } from "../../lib/losses/label_set_dice.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { checkGradient } from "../support/losses/finite_difference.ts";
import { batchTargets, logitsOf, seededNormal, tinyTargets } from "../support/losses/tiny_batch.ts";

/** Code 201 is organs 2 and 3. */
const supersets = { 201: [2, 3] };
const full: AllowedTableOptions = { channels: [1, 2, 3, 4], supersets };

/** Channels that a code allows, as text. */
function allowed(trueSet: number[], options: AllowedTableOptions, code: number): string {
  const { classes, allowed } = allowedTable(trueSet, { supersets, ...options });
  return [...allowed.slice(code * classes, (code + 1) * classes)].map((on, c) => on ? `${c}` : "").join("");
}

Deno.test("an annotated group allows its organs, and its background none of them", () => {
  assertEquals([201, 1, 0].map((code) => allowed([1, 201], full, code)), ["23", "1", "04"]);
  assertEquals(
    [201, 0].map((code) => allowed([1], full, code)),
    ["23", "0234"],
    "not annotated in this case",
  );
  const left = { channels: [2] };
  assertEquals(
    [201, 0].map((code) => allowed([201], left, code)),
    ["01", "0"],
    "a model of one of its organs",
  );
  const other = { channels: [1] };
  assertEquals([201, 0].map((code) => allowed([201], other, code)), ["0", "01"], "a model of none of them");
  assertEquals(allowedTable([201], { ...other, supersets }).foreign[201], 1);
  assertEquals(allowedTable([201], { ...left, supersets }).foreign[201], 0);
  const forbid = { channels: [2, 3], sharedOrgans: false };
  assertEquals([201, 0].map((code) => allowed([201], forbid, code)), ["012", "012"]);
});

Deno.test("the cross-entropy of a group is that of the sum of its organs' probabilities", () => {
  tf.tidy(() => {
    const logits = logitsOf([[0.1, 0.2, 0.4, 0.2, 0.1], [0.5, 0.1, 0.2, 0.1, 0.1]]);
    const loss = labelSetCrossEntropy(logits, tinyTargets([201, 0], [1, 201], full)).dataSync()[0];
    assertAlmostEquals(loss, -(Math.log(0.4 + 0.2) + Math.log(0.5 + 0.1)) / 2, 1e-6);
  });
});

const byHand: [name: string, sets: number[][], codes: number[][], p: number[][], expected: number][] = [
  ["the organs may share the group as they like", [[201]], [[201, 201, 0]], [
    [0, 0, 1, 0, 0],
    [0, 0, 0.3, 0.7, 0],
    [1, 0, 0, 0, 0],
  ], 0],
  // Overlap 0.5, mass 0.5 + 0.25, volume 1.
  [
    "p_S is the organs' sum",
    [[201]],
    [[201, 0]],
    [[0.5, 0, 0.2, 0.3, 0], [0.75, 0, 0.25, 0, 0]],
    1 - 1 / 1.75,
  ],
  // Organ 1: overlap 1, mass 1, volume 1. Group: overlap 0.5, mass 0.5, volume 1.
  ["beside an organ", [[1, 201]], [[1, 201]], [[0, 1, 0, 0, 0], [0.5, 0, 0.5, 0, 0]], (0 + 1 / 3) / 2],
  ["what is ignored leaves the sums", [[201]], [[201, IGNORED]], [[0, 0, 1, 0, 0], [0, 0, 1, 0, 0]], 0],
  // Organ 2, and the group in the same batch: its truth is the voxel labelled 2, too.
  [
    "a case with the organs themselves",
    [[201], [2, 3]],
    [[201], [2]],
    [[0, 0, 0, 1, 0], [0, 0, 0.5, 0.5, 0]],
    1 / 6,
  ],
];
for (const [name, sets, codes, p, expected] of byHand) {
  Deno.test(`labelSetDice of groups by hand: ${name}`, () => {
    tf.tidy(() => {
      const logits = tf.reshape(logitsOf(p), [codes.length, 1, 1, codes[0]!.length, 5]) as Tensor5D;
      const loss = labelSetDice(logits, batchTargets(codes, sets, full), { epsilon: 1e-9 });
      assertAlmostEquals(loss.dataSync()[0], expected, 1e-6);
    });
  });
}

Deno.test("labelSetDice on the published target: organ 1 and the superset, whichever leaf is chosen", () => {
  const target = [0, 0, 0, 0, 0, 1, 1, 0, 0, 201, 201, 0, 0, 0, 0, 0];
  const diceOf = (prediction: number[]) => {
    const logits = logitsOf(prediction.map((c) => [0, 1, 2, 3, 4].map((k) => k === c ? 1 : 0)));
    return labelSetDice(logits, tinyTargets(target, [1, 201], full), { epsilon: 1e-9 }).dataSync()[0];
  };
  tf.tidy(() => {
    for (const leaf of [2, 3]) {
      assertAlmostEquals(diceOf(target.map((code) => code === 201 ? leaf : code)), 0, 1e-6);
    }
    // Class 1 inside the superset: organ 1 has Dice 2·2 / (4 + 2), the superset 0.
    assertAlmostEquals(diceOf(target.map((code) => code === 201 ? 1 : code)), 1 - (2 / 3) / 2, 1e-6);
    assertAlmostEquals(diceOf(target.map(() => 0)), 1, 1e-6);
  });
});

Deno.test("a model that lacks one of the organs is not scored on the group, but kept out of it", () => {
  tf.tidy(() => {
    const part = { channels: [2], supersets };
    assertEquals(labelSetDice(logitsOf([[0.5, 0.5]]), tinyTargets([201], [201], part)).dataSync()[0], 0);
    const loss = labelSetCrossEntropy(logitsOf([[0.5, 0.5]]), tinyTargets([0], [201], part)).dataSync()[0];
    assertAlmostEquals(loss, Math.log(2), 1e-6);
  });
});

Deno.test("groups: gradients equal finite differences", () => {
  tf.tidy(() => {
    const targets = batchTargets([[0, 1, 201, 201], [2, 0, 3, IGNORED]], [[1, 201], [2, 3]], full);
    const logits = seededNormal([2, 1, 1, 4, 5], 5);
    const gradient = checkGradient((z) => labelSetDice(z as Tensor5D, targets), logits);
    assert(gradient.slice(35).every((g) => g === 0));
    checkGradient((z) => supervision(z as Tensor5D, targets), logits);
  });
});

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED, UNCERTAIN } from "../../lib/data/label_set.ts";
import { partialLoss } from "../../lib/losses/partial/partial_loss.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { checkGradient } from "../support/losses/finite_difference.ts";
import {
  assertRepeatable,
  channels,
  everyKindOfLabel,
  testVoxels,
} from "../support/losses/labelled_voxels.ts";
import { logitsOf, seededNormal, tinyTargets, valueAndGradient } from "../support/losses/tiny_batch.ts";

const p = [0.1, 0.2, 0.3, 0.4];
const { loss } = partialLoss("restricted", { dice: true });
const { loss: crossEntropy } = partialLoss("restricted", { dice: false });

// With probabilities p: what the label allows, of what is compared.
testVoxels("restricted cross-entropy", [
  ["an annotated organ, beside background alone", [1], 1, 0.2 / (0.1 + 0.2)],
  ["background beside the annotated organ", [1], 0, 0.1 / (0.1 + 0.2)],
  ["an uncertain voxel is none of the annotated organs", [1], UNCERTAIN, 0.1 / (0.1 + 0.2)],
  ["all annotated: an organ", [1, 2, 3], 2, 0.3],
  ["all annotated: background", [1, 2, 3], 0, 0.1],
  ["a foreign organ: none of mine, all compared", [5], 5, 0.1],
  ["a foreign organ beside an own one: all compared", [1, 5], 5, 0.1],
  ["background where no own organ is annotated: nothing to compare", [5], 0, 0.1 / 0.1],
  ["background, own labels off: nothing to compare", [1], 0, 1, { sharedOrgans: false }],
  ["a pseudo-labelled organ, beside the annotated one", [1], 2, 0.3 / (0.1 + 0.2 + 0.3), {
    pseudo: { organs: [2], weight: 1 },
  }],
  ["background with a pseudo label", [1], 0, 0.1 / (0.1 + 0.2 + 0.3), { pseudo: { organs: [2], weight: 1 } }],
  ["an uncertain voxel, with a pseudo label", [1], UNCERTAIN, (0.1 + 0.3) / (0.1 + 0.2 + 0.3), {
    pseudo: { organs: [2], weight: 1 },
  }],
  ["a coarser label", [1], 9, 0.3 + 0.4, { supersets: { 9: [2, 3] } }],
  ["an ignored voxel", [1], IGNORED, 1],
], (targets, kept) => {
  assertAlmostEquals(crossEntropy(logitsOf([p]), targets).dataSync()[0], -Math.log(kept), 1e-6);
});

Deno.test("restricted Dice takes the restricted probabilities", () => {
  tf.tidy(() => {
    const targets = tinyTargets([1, 0], [1], { channels });
    // p_1 = 0.2 / 0.3 in both voxels: 1 − 2 · ⅔ / (4/3 + 1) = 3/7.
    const dice = loss(logitsOf([p, p]), targets).dataSync()[0]! -
      crossEntropy(logitsOf([p, p]), targets).dataSync()[0]!;
    assertAlmostEquals(dice, 3 / 7, 1e-5);
  });
});

Deno.test("restricted: no gradient at all reaches channels outside, and their values change nothing", () => {
  tf.tidy(() => {
    const targets = tinyTargets([1, 0, UNCERTAIN, 5], [1, 5], { channels });
    const logits = seededNormal([1, 1, 1, 4, 4], 3);
    const { value, gradient } = valueAndGradient((z) => loss(z, targets), logits);
    const rows = [0, 1, 2, 3].map((v) => [...gradient.slice(4 * v, 4 * v + 4)]);
    for (const row of rows.slice(0, 3)) {
      assert(row.slice(0, 2).every((g) => g !== 0), "background and the annotated organ");
      assert(row.slice(2).every((g) => g === 0), "bit-exactly zero outside");
    }
    assert(rows[3]!.every((g) => g !== 0), "a foreign organ compares all");
    const moved = tf.add(
      logits,
      tf.tensor5d([...Array(3).fill([0, 0, 7, -9]).flat(), 0, 0, 0, 0], [1, 1, 1, 4, 4]),
    );
    assertEquals(loss(moved as Tensor5D, targets).dataSync()[0], value);
    const marginal = valueAndGradient((z) =>
      partialLoss("marginal", { dice: true }).loss(z, targets), logits).gradient;
    assert(marginal.slice(2, 4).every((g) => g > 0), "marginal pushes organs without a label down");
  });
});

Deno.test("restricted: gradient equals finite differences", () => {
  tf.tidy(() => {
    const targets = everyKindOfLabel();
    checkGradient((z) => loss(z as Tensor5D, targets), seededNormal([2, 1, 1, 6, 4], 3));
  });
});

Deno.test("restricted: saturated logits give finite losses and gradients", () => {
  tf.tidy(() => {
    const logits = tf.tensor5d([1000, -1000, 3000, -1000, 1000, 3000], [1, 1, 1, 2, 3]);
    const targets = tinyTargets([1, 1], [1], { channels: [1, 2] });
    const { value, gradient } = valueAndGradient((z) => loss(z, targets), logits);
    // Half of the voxels is wrong by 2000; p_1 is 0 and 1: Dice 1 − 2 / (1 + 2).
    assertAlmostEquals(value, 1000 + 1 / 3, 1e-2);
    assert(gradient.every(Number.isFinite));
  });
});

Deno.test("restricted: deterministic, and leaks nothing", () => {
  assertRepeatable(loss, { classes: 4 });
});

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
import { seededNormal, tinyLogits, tinyTargets, valueAndGradient } from "../support/losses/tiny_batch.ts";

const p = [0.2, 0.3, 0.4];
const { loss } = partialLoss("binary", { dice: true });
const { loss: crossEntropy } = partialLoss("binary", { dice: false });

const sigmoidLogits = (...rows: number[][]) =>
  tinyLogits(rows.map((row) => row.map((p) => Math.log(p / (1 - p)))));

// With probabilities p of the organs: that of what the label says.
testVoxels("binary cross-entropy", [
  ["an annotated organ, and it is no other, annotated or not", [1], 1, 0.2 * 0.7 * 0.6],
  ["background says something of the annotated organ alone", [1], 0, 0.8],
  ["an uncertain voxel is none of the annotated organs", [1], UNCERTAIN, 0.8],
  ["all annotated: background", [1, 2, 3], 0, 0.8 * 0.7 * 0.6],
  ["a foreign organ: none of mine", [5], 5, 0.8 * 0.7 * 0.6],
  ["background where no own organ is annotated says nothing", [5], 0, 1],
  ["a pseudo-labelled organ", [1], 2, 0.8 * 0.3 * 0.6, { pseudo: { organs: [2], weight: 1 } }],
  ["a coarser label: its organs are free", [1], 9, 0.8, { supersets: { 9: [2, 3] } }],
  ["an ignored voxel", [1], IGNORED, 1],
], (targets, kept) => {
  const { value, gradient } = valueAndGradient((z) => crossEntropy(z, targets), sigmoidLogits(p));
  assertAlmostEquals(value, -Math.log(kept), 1e-6);
  if (kept === 1) assert(gradient.every((g) => g === 0), "bit-exactly zero");
});

Deno.test("binary cross-entropy: gradient is p − y where the label speaks, zero where an organ is free", () => {
  tf.tidy(() => {
    const targets = tinyTargets([1, 0], [1], { channels });
    const { gradient } = valueAndGradient((z) => crossEntropy(z, targets), sigmoidLogits(p, p));
    [0.2 - 1, 0.3, 0.4, 0.2, 0, 0].forEach((g, i) => assertAlmostEquals(gradient[i], g / 2, 1e-6));
    assert(gradient.slice(4).every((g) => g === 0), "bit-exactly zero");
  });
});

Deno.test("binary Dice takes sigmoids", () => {
  tf.tidy(() => {
    const targets = tinyTargets([1, 0], [1], { channels });
    const dice = loss(sigmoidLogits(p, p), targets).dataSync()[0]! -
      crossEntropy(sigmoidLogits(p, p), targets).dataSync()[0]!;
    assertAlmostEquals(dice, 1 - 2 * 0.2 / (0.4 + 1), 1e-5);
  });
});

Deno.test("binary: gradient equals finite differences", () => {
  tf.tidy(() => {
    const targets = everyKindOfLabel();
    for (const normalise of ["all", "constrained"] as const) {
      const { loss } = partialLoss("binary", { dice: true, normalise });
      checkGradient((z) => loss(z as Tensor5D, targets), seededNormal([2, 1, 1, 6, 3], 3));
    }
  });
});

Deno.test("binary: saturated logits give the right loss and gradient", () => {
  tf.tidy(() => {
    const targets = tinyTargets([1], [1, 2], { channels: [1, 2] });
    const wrong = valueAndGradient((z) => crossEntropy(z, targets), tinyLogits([[-1000, 1000]]));
    assertAlmostEquals(wrong.value, 2000, 1e-3);
    assertEquals([...wrong.gradient], [-1, 1]);
    assertAlmostEquals(crossEntropy(tinyLogits([[20, -100]]), targets).dataSync()[0], Math.exp(-20), 1e-12);
  });
});

Deno.test("binary: deterministic, and leaks nothing", () => {
  assertRepeatable(loss, { classes: 3 });
});

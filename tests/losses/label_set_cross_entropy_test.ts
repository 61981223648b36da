import { assert, assertAlmostEquals } from "@std/assert";
import { IGNORED, UNCERTAIN } from "../../lib/data/label_set.ts";
import { labelSetCrossEntropy } from "../../lib/losses/label_set_cross_entropy.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { checkGradient } from "../support/losses/finite_difference.ts";
import {
  assertRepeatable,
  channels,
  everyKindOfLabel,
  testVoxels,
} from "../support/losses/labelled_voxels.ts";
import {
  batchTargets,
  logitsOf,
  seededNormal,
  tinyTargets,
  valueAndGradient,
} from "../support/losses/tiny_batch.ts";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";

const p = [0.1, 0.2, 0.3, 0.4];

// With probabilities p: what the label allows.
testVoxels("labelSetCrossEntropy", [
  ["annotated organ", [2], 2, 0.3],
  ["background, all annotated", [1, 2, 3], 0, 0.1],
  ["background, 2 and 3 unlabelled: a sum of probabilities, not of logits", [1], 0, 0.1 + 0.3 + 0.4],
  ["uncertain", [1], UNCERTAIN, 0.1 + 0.3 + 0.4],
  ["ignored", [1], IGNORED, 1],
  ["undeclared code", [1], 7, 1],
], (targets, kept) => {
  assertAlmostEquals(labelSetCrossEntropy(logitsOf([p]), targets).dataSync()[0], -Math.log(kept), 1e-6);
});

Deno.test("labelSetCrossEntropy with complete labels is the ordinary cross-entropy (one dataset = plain supervision)", () => {
  tf.tidy(() => {
    const codes = [[0, 1, 2, 3], [3, 0, 0, 1]];
    const logits = seededNormal([2, 1, 1, 4, 4], 5);
    const targets = batchTargets(codes, [channels, channels], { channels });
    const expected = tf.losses.softmaxCrossEntropy(tf.oneHot(codes.flat(), 4), tf.reshape(logits, [8, 4]));
    assertAlmostEquals(labelSetCrossEntropy(logits, targets).dataSync()[0], expected.dataSync()[0], 1e-6);
  });
});

Deno.test("labelSetCrossEntropy divides by all voxels but ignored ones, or by the constrained ones", () => {
  tf.tidy(() => {
    // Voxel 1: foreign organ, -log 0.1. Voxel 2: says nothing. Voxel 3: ignored.
    const targets = tinyTargets([5, 0, IGNORED], [5], { channels });
    const logits = logitsOf([p, p, p]);
    const value = (normalise: "all" | "constrained") =>
      labelSetCrossEntropy(logits, targets, { normalise }).dataSync()[0];
    assertAlmostEquals(value("all"), -Math.log(0.1) / 2, 1e-6);
    assertAlmostEquals(value("constrained"), -Math.log(0.1), 1e-6);
  });
});

Deno.test("labelSetCrossEntropy weighs pseudo labels", () => {
  tf.tidy(() => {
    const targets = tinyTargets([1, 2], [2], { channels, pseudo: { organs: [1], weight: 0.5 } });
    const loss = labelSetCrossEntropy(logitsOf([p, p]), targets).dataSync()[0];
    assertAlmostEquals(loss, (-0.5 * Math.log(0.2) - Math.log(0.3)) / 2, 1e-6);
  });
});

Deno.test("labelSetCrossEntropy punishes an annotated organ that is absent from the patch (rule 1)", () => {
  tf.tidy(() => {
    const { gradient } = valueAndGradient(
      (z) => labelSetCrossEntropy(z, tinyTargets([0, 0], [1], { channels })),
      logitsOf([p, p]),
    );
    assert(gradient[1]! > 0, "probability of the annotated organ is pushed down");
    assert(gradient[2]! < 0 && gradient[3]! < 0, "probability of unlabelled organs may stay");
  });
});

Deno.test("labelSetCrossEntropy does not see probability move between background and an unlabelled organ", () => {
  tf.tidy(() => {
    const targets = tinyTargets([0, 1], [1], { channels });
    const value = (a: number, b: number) =>
      labelSetCrossEntropy(logitsOf([[0.5 - a, 0.2, 0.3 + a, 0], [0.1, 0.6, 0.3 - b, b]]), targets)
        .dataSync()[0];
    assertAlmostEquals(value(0, 0.1), value(0.3, 0.2), 1e-6);
  });
});

Deno.test("labelSetCrossEntropy and its gradient stay finite and right with saturated logits", () => {
  tf.tidy(() => {
    const logits = tf.tensor5d([1000, -1000, -1003], [1, 1, 1, 1, 3]);
    const targets = tinyTargets([9], [], { channels: [1, 2], supersets: { 9: [1, 2] } });
    const { value, gradient } = valueAndGradient((z) => labelSetCrossEntropy(z, targets), logits);
    assertAlmostEquals(value, 2000 - Math.log(1 + Math.exp(-3)), 1e-2);
    const q = 1 / (1 + Math.exp(-3));
    [1, -q, q - 1].forEach((expected, c) => assertAlmostEquals(gradient[c], expected, 1e-6));
  });
});

Deno.test("labelSetCrossEntropy: no gradient at all where everything is allowed", () => {
  tf.tidy(() => {
    const logits = seededNormal([1, 1, 1, 3, 4], 8);
    const { value, gradient } = valueAndGradient(
      (z) => labelSetCrossEntropy(z, tinyTargets([0, IGNORED, 5], [5], { channels })),
      logits,
    );
    assert(value > 0);
    assert(gradient.slice(0, 8).every((g) => g === 0), "bit-exactly zero");
    assert(gradient.slice(8).every((g) => g !== 0));
  });
});

Deno.test("labelSetCrossEntropy: gradient equals finite differences", () => {
  tf.tidy(() => {
    const targets = everyKindOfLabel();
    for (const normalise of ["all", "constrained"] as const) {
      checkGradient(
        (z) => labelSetCrossEntropy(z as Tensor5D, targets, { normalise }),
        seededNormal([2, 1, 1, 6, 4], 3),
      );
    }
  });
});

Deno.test("labelSetCrossEntropy is deterministic and leaks nothing", () => {
  assertRepeatable(labelSetCrossEntropy, { classes: 4 });
});

import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED, UNCERTAIN } from "../../lib/data/label_set.ts";
import type { AllowedTableOptions, LabelTargets } from "../../lib/losses/allowed.ts";
import { labelSetCrossEntropy } from "../../lib/losses/label_set_cross_entropy.ts";
import { labelSetDice } from "../../lib/losses/label_set_dice.ts";
import { partialLoss } from "../../lib/losses/partial/partial_loss.ts";
import { PARTIAL_LOSSES } from "../../lib/losses/partial/partial_loss_kind.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import { predictionDifference } from "../../lib/methods/mutual/prediction_difference.ts";
import { predictionSimilarity } from "../../lib/methods/mutual/prediction_similarity.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { checkGradient } from "../support/losses/finite_difference.ts";
import { channels, everyKindOfLabel } from "../support/losses/labelled_voxels.ts";
import {
  assertNoLeak,
  batchTargets,
  logitsOf,
  seededNormal,
  tinyLogits,
  tinyTargets,
  valueAndGradient,
} from "../support/losses/tiny_batch.ts";

const balanced = (targets: LabelTargets, foregroundShare: number): LabelTargets => ({
  ...targets,
  foregroundShare,
});
const mean = (...values: number[]) => values.reduce((a, b) => a + b) / values.length;
const { log } = Math;

/** Of each voxel, for a model of organs 1, 2 and 3. */
const p = [0.1, 0.2, 0.3, 0.4];
const SHARE = 0.7;
const byHand: [
  name: string,
  trueSet: number[],
  codes: number[],
  organs: number[],
  others: number[],
  options?: Partial<AllowedTableOptions>,
][] = [
  ["one voxel of an organ, three of background", [1, 2, 3], [0, 0, 2, 0], [0.3], [0.1, 0.1, 0.1]],
  ["organs are one side, whichever they are", [1, 2, 3], [1, 1, 2, 0], [0.2, 0.2, 0.3], [0.1]],
  ["background of a partly labelled case", [1], [1, 0, 0], [0.2], [0.8, 0.8]],
  ["uncertain and foreign voxels are others", [1, 5], [1, UNCERTAIN, 5], [0.2], [0.8, 0.1]],
  ["ignored voxels are neither", [1, 2, 3], [3, 0, IGNORED, IGNORED, IGNORED], [0.4], [0.1]],
  ["a group is an organ: it is not background", [1, 201], [201, 0, 0], [0.7], [0.1, 0.1], {
    supersets: { 201: [2, 3] },
  }],
  [
    "a group of which the model owns a part may be background to it",
    [1, 201],
    [201, 1, 0],
    [0.2],
    [0.5, 0.4],
    {
      supersets: { 201: [3, 9] },
    },
  ],
];
for (const [name, trueSet, codes, organs, others, options] of byHand) {
  Deno.test(`foreground balance by hand: ${name}`, () => {
    tf.tidy(() => {
      const targets = tinyTargets(codes, trueSet, { channels, ...options });
      const loss = labelSetCrossEntropy(logitsOf(codes.map(() => p)), balanced(targets, SHARE)).dataSync()[0];
      const sides = [organs, others].map((kept) => mean(...kept.map((kept) => -log(kept)))) as [
        number,
        number,
      ];
      assertAlmostEquals(loss, SHARE * sides[0] + (1 - SHARE) * sides[1], 1e-6);
    });
  });
}

Deno.test("foreground balance: pseudo labels keep their weight, against true ones and alone", () => {
  tf.tidy(() => {
    const options = { channels, pseudo: { organs: [1], weight: 0.5 } };
    const value = (codes: number[]) =>
      labelSetCrossEntropy(logitsOf(codes.map(() => p)), balanced(tinyTargets(codes, [2], options), SHARE))
        .dataSync()[0];
    // Background may be organ 3, which has no label.
    const background = (1 - SHARE) * -log(0.1 + 0.4);
    assertAlmostEquals(value([1, 2, 0, 0]), SHARE * mean(-0.5 * log(0.2), -log(0.3)) + background, 1e-6);
    assertAlmostEquals(value([1, 0, 0, 0]), SHARE * -0.5 * log(0.2) + background, 1e-6);
    const mute = { channels, pseudo: { organs: [1], weight: 0 } };
    const silent = labelSetCrossEntropy(
      logitsOf([p, p, p]),
      balanced(tinyTargets([1, 2, 0], [2], mute), SHARE),
    );
    // Of weight 0 it is on no side, and among the M voxels as it was.
    assertAlmostEquals(silent.dataSync()[0], 2 / 3 * (SHARE * -log(0.3) + background), 1e-6);
  });
});

Deno.test("foreground balance: sides are counted over the batch, not by sample", () => {
  tf.tidy(() => {
    const targets = balanced(batchTargets([[0, 0, 0], [0, 1, 1]], [[1, 2, 3], [1]], { channels }), SHARE);
    const logits = tf.reshape(logitsOf(Array(6).fill(p)), [2, 1, 1, 3, 4]) as Tensor5D;
    const others = mean(-log(0.1), -log(0.1), -log(0.1), -log(0.8));
    const expected = SHARE * -log(0.2) + (1 - SHARE) * others;
    assertAlmostEquals(labelSetCrossEntropy(logits, targets).dataSync()[0], expected, 1e-6);
  });
});

Deno.test("foreground balance: where one side is missing the other has all, to the bit", () => {
  tf.tidy(() => {
    for (const codes of [[0, 0, IGNORED], [1, 2, IGNORED], [IGNORED, IGNORED, IGNORED]]) {
      const targets = tinyTargets(codes, [1, 2, 3], { channels });
      const of = (targets: LabelTargets) =>
        valueAndGradient((z) => supervision(z, targets), seededNormal([1, 1, 1, 3, 4], 2));
      assertEquals(of(balanced(targets, SHARE)), of(targets));
    }
  });
});

Deno.test("foreground balance: voxels that say nothing take the same share from both sides as from their mean", () => {
  tf.tidy(() => {
    const shared = (codes: number[], share?: number, normalise: "all" | "constrained" = "all") => {
      const targets = tinyTargets(codes, [5], { channels, supersets: { 6: [1] } });
      return labelSetCrossEntropy(
        logitsOf(codes.map(() => p)),
        share === undefined ? targets : balanced(targets, share),
        { normalise },
      ).dataSync()[0];
    };
    // Code 6 is organ 1, foreign organ 5 is none of the model's, and background says nothing.
    const sides = SHARE * -log(0.2) + (1 - SHARE) * -log(0.1);
    assertAlmostEquals(shared([6, 5, 5, 0, 0, 0], SHARE), sides / 2, 1e-6);
    assertAlmostEquals(shared([6, 5, 5, 0, 0, 0], SHARE, "constrained"), sides, 1e-6);
    // Prediction difference of disjoint label sets is what it was.
    assertEquals(shared([5, 5, 0, 0], SHARE), shared([5, 5, 0, 0]));
  });
});

Deno.test("foreground balance: the share that organs have of the voxels is the plain mean", () => {
  tf.tidy(() => {
    const logits = seededNormal([1, 1, 1, 8, 4], 6);
    const targets = tinyTargets([0, 0, 0, 0, 0, 1, 2, UNCERTAIN], [1, 2], { channels });
    const plain = valueAndGradient((z) => supervision(z, targets), logits);
    const same = valueAndGradient((z) => supervision(z, balanced(targets, 2 / 8)), logits);
    assertAlmostEquals(same.value, plain.value, 1e-6);
    same.gradient.forEach((g, i) => assertAlmostEquals(g, plain.gradient[i]!, 1e-6));
  });
});

/** Every cross-entropy with labels, by name, with as many channels as its head. */
const losses: Record<string, { loss: (z: Tensor5D, targets: LabelTargets) => Scalar; classes: number }> = {
  ...Object.fromEntries(
    PARTIAL_LOSSES.flatMap((kind) =>
      [true, false].map((dice) => [
        `${kind}${dice ? " with Dice" : ""}`,
        { loss: partialLoss(kind, { dice }).loss, classes: kind === "binary" ? 3 : 4 },
      ])
    ),
  ),
  "cross-entropy": { loss: labelSetCrossEntropy, classes: 4 },
  supervision: { loss: supervision, classes: 4 },
  "prediction difference": {
    loss: (z, targets) => predictionDifference({ logits: z }, targets, { form: "label" }),
    classes: 4,
  },
  "prediction similarity": {
    loss: (z, targets) => predictionSimilarity({ logits: z }, targets, { klWeight: 0 }),
    classes: 4,
  },
};

for (const [name, { loss, classes }] of Object.entries(losses)) {
  Deno.test(`foreground balance of ${name}: gradient equals finite differences, no leak, same bits`, () => {
    const logits = seededNormal([2, 1, 1, 6, classes], 3);
    const run = (share: number | undefined) =>
      tf.tidy(() => {
        const targets = everyKindOfLabel();
        const of = share === undefined ? targets : balanced(targets, share);
        return valueAndGradient((z) => loss(z, of), logits);
      });
    tf.tidy(() => {
      const targets = balanced(everyKindOfLabel(), 0.8);
      checkGradient((z) => loss(z as Tensor5D, targets), logits);
    });
    assertNoLeak(() => void run(0.8));
    assertEquals(run(0.8), run(0.8));
    assertNotEquals(run(0.8).value, run(undefined).value);
    assertNotEquals(run(0.8).value, run(0.2).value);
    logits.dispose();
  });
}

Deno.test("foreground balance leaves Dice as it is", () => {
  tf.tidy(() => {
    const targets = everyKindOfLabel(), logits = seededNormal([2, 1, 1, 6, 4], 3);
    const of = (targets: LabelTargets) => valueAndGradient((z) => labelSetDice(z, targets), logits);
    assertEquals(of(balanced(targets, 0.8)), of(targets));
  });
});

Deno.test("foreground balance of binary: an organ's voxel is one, with what it says of the other organs", () => {
  tf.tidy(() => {
    const targets = balanced(tinyTargets([1, 0, 0, 0], [1, 2, 3], { channels }), SHARE);
    const logits = tinyLogits(Array(4).fill([0.2, 0.3, 0.4].map((p) => log(p / (1 - p)))));
    const { value, gradient } = valueAndGradient(
      (z) => partialLoss("binary", { dice: false }).loss(z, targets),
      logits,
    );
    const [organ, background] = [-log(0.2 * 0.7 * 0.6), -log(0.8 * 0.7 * 0.6)];
    assertAlmostEquals(value, SHARE * organ + (1 - SHARE) * background, 1e-6);
    [-0.8, 0.3, 0.4].forEach((g, c) => assertAlmostEquals(gradient[c]!, SHARE * g, 1e-6));
    [0.2, 0.3, 0.4].forEach((g, c) => assertAlmostEquals(gradient[3 + c]!, (1 - SHARE) / 3 * g, 1e-6));
    assert(gradient.every((g) => g !== 0));
  });
});

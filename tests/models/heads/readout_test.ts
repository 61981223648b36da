import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { probeOrgan } from "../../../lib/labels/organ_probe.ts";
import { averagePredictor, mergedPredictor } from "../../../lib/inference/predictor.ts";
import { segment } from "../../../lib/inference/segment.ts";
import { createHead } from "../../../lib/models/heads/create_head.ts";
import { sigmoidReadout } from "../../../lib/models/heads/sigmoid_head.ts";
import { softmaxReadout } from "../../../lib/models/heads/softmax_head.ts";
import type { Unet } from "../../../lib/models/unet.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { assertNoLeak, tinyLogits } from "../../support/losses/tiny_batch.ts";

/** Logits whose sigmoid are the probabilities. */
const sigmoidLogits = (rows: number[][]) =>
  tinyLogits(rows.map((row) => row.map((p) => Math.log(p / (1 - p)))));

/** p of two organs, p_0 = Π (1 − p_o), and the decision. */
const table: [p: number[], background: number, decision: number][] = [
  [[0.9, 0.2], 0.08, 1],
  [[0.2, 0.7], 0.24, 2],
  [[0.8, 0.9], 0.02, 2],
  [[0.45, 0.4], 0.33, 0],
  [[0.1, 0.2], 0.72, 0],
];

Deno.test("sigmoid head: background is what no organ is; the largest organ decides if it is above one half", () => {
  tf.tidy(() => {
    const logits = sigmoidLogits(table.map(([p]) => p));
    const p = sigmoidReadout.probabilities(logits).dataSync();
    table.forEach(([[a, b], background], v) =>
      [background, a, b].forEach((expected, c) => assertAlmostEquals(p[3 * v + c], expected, 1e-5))
    );
    const decisions = table.map(([, , decision]) => decision);
    assertEquals([...tf.argMax(sigmoidReadout.votes(logits), 4).dataSync()], decisions);
    assertEquals([...tf.argMax(sigmoidReadout.ranks(logits), 4).dataSync()], decisions);
  });
});

Deno.test("readouts leave no tensors but what they give, and softmax ranks by the logits themselves", () => {
  const logits = tinyLogits([[1, 2], [3, 1]]);
  for (const readout of [softmaxReadout, sigmoidReadout]) {
    assertNoLeak(() => [readout.probabilities(logits), readout.votes(logits)]);
  }
  assertEquals(softmaxReadout.ranks(logits), logits);
  logits.dispose();
});

Deno.test("silent classes have no vote; softmax is one of the others", () => {
  tf.tidy(() => {
    const votes = (readout: typeof softmaxReadout, logits: Tensor5D, silent: boolean[]) => [
      ...readout.votes(logits, silent).dataSync(),
    ];
    const close = (found: number[], expected: number[]) =>
      expected.forEach((value, c) => assertAlmostEquals(found[c]!, value, 1e-6));
    const silent = [false, true, false];
    close(votes(softmaxReadout, tinyLogits([[0, 200, Math.log(3)]]), silent), [0.25, 0, 0.75]);
    close(votes(sigmoidReadout, tinyLogits([[9, 0]]), silent), [0.5, 0, 0.5]);
    // Organs 1 and 2, and a group.
    const levels = createHead({ kind: "levels", groups: 1 }, { classes: 3, features: 1 });
    close(votes(levels.readout, tinyLogits([[9, 0, 5]]), silent), [0.5, 0, 0.5]);
    // Two channels of organ 1, one of organ 2.
    const datasets = createHead({ kind: "datasets", owners: [1, 2, 1] }, { classes: 3, features: 1 });
    close(votes(datasets.readout, tinyLogits([[9, 0, 5]]), silent), [0.5, 0, 0.5]);
  });
});

/** A network of a sigmoid head whose logits are 4 (x − o) for each organ o: bright voxels are all organs. */
function brightness(name: string, organs: number[]) {
  const head = createHead({ kind: "sigmoid" }, { classes: organs.length + 1, features: 1 });
  const predict = (images: Tensor5D) =>
    tf.tidy(() => ({
      logits: tf.concat(organs.map((organ) => tf.mul(tf.sub(images, organ), 4)), 4) as Tensor5D,
      features: tf.clone(images),
    }));
  return { name, organs, model: { predict, head } as unknown as Unet };
}

Deno.test("prediction, merged and not, asks a sigmoid head for the decision", async () => {
  const image = Float32Array.of(0, 0.9, 1.2, 5);
  const network = brightness("a", [1, 2]);
  for (const predictor of [averagePredictor([network]), mergedPredictor([network], 2)]) {
    const labels = await segment(image, { shape: [1, 1, 4], window: [1, 1, 4], predictor });
    // The last voxel is both organs, and the first one more surely.
    assertEquals([...labels], [0, 0, 1, 1]);
  }
});

Deno.test("the mean of sigmoid networks decides by the mean probability", () => {
  tf.tidy(() => {
    const say = (p: number[]) => {
      const head = createHead({ kind: "sigmoid" }, { classes: 3, features: 1 });
      const predict = () => ({ logits: sigmoidLogits([p]), features: tf.zeros([1, 1, 1, 1, 1]) });
      return { name: "", organs: [1, 2], model: { predict, head } as unknown as Unet };
    };
    const window = tf.zeros([1, 1, 1, 1, 1]) as Tensor5D;
    const decide = (...all: number[][]) =>
      tf.argMax(averagePredictor(all.map(say)).predict(window), 4).dataSync()[0];
    assertEquals(decide([0.9, 0.1], [0.3, 0.1]), 1, "0.6 on average");
    assertEquals(decide([0.9, 0.1], [0.05, 0.9]), 0, "0.475 and 0.5 on average");
  });
});

Deno.test("probes of organs ask the head", () => {
  const probe = probeOrgan(Float32Array.of(0, 0.9, 1.2, 1.3), Uint8Array.of(0, 0, 1, 1), {
    organ: 1,
    window: [1, 1, 4],
    shape: [1, 1, 4],
    copies: 1,
    seed: 1,
    owners: [brightness("a", [1]), brightness("b", [1])],
  });
  // Both see organ 1 where it is, in its first channel, which a softmax would take for background.
  assertEquals(probe.agreement, 1);
});

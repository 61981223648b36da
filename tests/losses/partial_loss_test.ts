import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { partialLoss } from "../../lib/losses/partial/partial_loss.ts";
import { headOf, PARTIAL_LOSSES, type PartialLossKind } from "../../lib/losses/partial/partial_loss_kind.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { batchTargets, seededNormal, tinyLogits, valueAndGradient } from "../support/losses/tiny_batch.ts";

const channels = [1, 2, 3];
const codes = [[0, 1, 2, 3, 1, 0], [3, 3, 0, 0, 2, 1]];

Deno.test("partialLoss: marginal and restricted are one, to the bit, where everything is labelled", () => {
  tf.tidy(() => {
    const targets = batchTargets(codes, [channels, channels], { channels });
    const logits = seededNormal([2, 1, 1, 6, 4], 7);
    const [marginal, restricted] = (["marginal", "restricted"] as const).map((kind) =>
      valueAndGradient((z) => partialLoss(kind, { dice: true }).loss(z, targets), logits)
    );
    assertEquals(restricted, marginal);
    assertEquals(marginal, valueAndGradient((z) => supervision(z, targets), logits));
  });
});

Deno.test("partialLoss: all three are one for a single organ that is labelled everywhere", () => {
  tf.tidy(() => {
    const targets = batchTargets([[0, 1, 1, 0]], [[1]], { channels: [1] });
    // Softmax of two channels is the sigmoid of their difference.
    const rows = [[0.3, -1], [0.2, 2], [-0.4, 0.1], [1.5, 0.5]];
    const difference = tinyLogits(rows.map(([background, organ]) => [organ! - background!]));
    const of = (kind: PartialLossKind, logits: Tensor5D) =>
      valueAndGradient((z) => partialLoss(kind, { dice: true }).loss(z, targets), logits);
    const marginal = of("marginal", tinyLogits(rows)), binary = of("binary", difference);
    assertAlmostEquals(binary.value, marginal.value, 1e-6);
    binary.gradient.forEach((g, v) => assertAlmostEquals(g, marginal.gradient[2 * v + 1], 1e-6));
  });
});

Deno.test("partialLoss: with everything labelled all three want the same", () => {
  tf.tidy(() => {
    const targets = batchTargets(codes, [channels, channels], { channels });
    const voxels = codes.flat();
    for (const kind of PARTIAL_LOSSES) {
      const classes = kind === "binary" ? channels : [0, ...channels];
      const shape: [number, number, number, number, number] = [2, 1, 1, 6, classes.length];
      const right = tf.tensor5d(voxels.flatMap((code) => classes.map((c) => c === code ? 50 : -50)), shape);
      assertAlmostEquals(partialLoss(kind, { dice: true }).loss(right, targets).dataSync()[0], 0, 1e-5);
      const { loss } = partialLoss(kind, { dice: false });
      const { gradient } = valueAndGradient((z) => loss(z, targets), seededNormal(shape, 9));
      const wanted = voxels.flatMap((code) => classes.map((c) => c === code ? -1 : 1));
      assertEquals([...gradient].map(Math.sign), wanted, kind);
    }
  });
});

Deno.test("partialLoss: says its head, and refuses what there is not", () => {
  const heads = PARTIAL_LOSSES.map((kind) => partialLoss(kind, { dice: true }).head);
  assertEquals(heads.map(({ kind }) => kind), ["softmax", "softmax", "sigmoid"]);
  assertEquals(heads, PARTIAL_LOSSES.map(headOf));
  assertThrows(
    () => partialLoss("focal" as "binary", { dice: true }),
    Error,
    "kind must be one of marginal, restricted, binary, current value is focal",
  );
});

Deno.test("partialLoss: binary refuses coarser labels, which its sigmoids cannot learn from", () => {
  tf.tidy(() => {
    const options = { channels, supersets: { 201: [2, 3] } };
    const targets = batchTargets([[0, 201, 1]], [[1, 201]], options);
    const logits = tinyLogits([[0, 0, 0], [0, 0, 0], [0, 0, 0]]);
    const { loss } = partialLoss("binary", { dice: true });
    assertThrows(() => loss(logits, targets), Error, "groups of organs (codes 201)");
  });
});

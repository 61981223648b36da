import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { IGNORED } from "../../lib/data/label_set.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { seededNormal, tinyLogits, tinyTargets, valueAndGradient } from "../support/losses/tiny_batch.ts";

const channels = [1, 2];

Deno.test("ignored voxels cost nothing and pull nowhere: the loss is that of the others", () => {
  tf.tidy(() => {
    const logits = seededNormal([1, 1, 1, 5, 3], 1);
    const codes = [1, IGNORED, 0, IGNORED, 2];
    const { value, gradient } = valueAndGradient(
      (z) => supervision(z, tinyTargets(codes, [1, 2], { channels })),
      logits,
    );
    const rows = logits.arraySync()[0]![0]![0]!;
    const seen = [0, 2, 4];
    const others = valueAndGradient(
      (z) => supervision(z, tinyTargets(seen.map((v) => codes[v]!), [1, 2], { channels })),
      tinyLogits(seen.map((v) => rows[v]!)),
    );
    assertAlmostEquals(value, others.value, 1e-6);
    seen.forEach((v, i) => {
      for (let c = 0; c < 3; c++) assertAlmostEquals(gradient[3 * v + c], others.gradient[3 * i + c], 1e-6);
    });
    assert([1, 3].every((v) => gradient.slice(3 * v, 3 * v + 3).every((g) => g === 0)));
  });
});

Deno.test("a batch that is ignored altogether is 0 without gradient", () => {
  tf.tidy(() => {
    const { value, gradient } = valueAndGradient(
      (z) => supervision(z, tinyTargets([IGNORED, IGNORED], [1, 2], { channels })),
      seededNormal([1, 1, 1, 2, 3], 1),
    );
    assertEquals(value, 0);
    assert(gradient.every((g) => g === 0));
  });
});

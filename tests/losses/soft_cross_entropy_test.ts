import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { softCrossEntropy } from "../../lib/losses/soft_cross_entropy.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { checkGradient } from "../support/losses/finite_difference.ts";
import { assertNoLeak, logitsOf, seededNormal, valueAndGradient } from "../support/losses/tiny_batch.ts";

Deno.test("soft cross-entropy by hand: the mean of the teachers is the target", () => {
  tf.tidy(() => {
    const p = logitsOf([[0.5, 0.5], [0.8, 0.2]]);
    const teachers = [logitsOf([[1, 0], [0.6, 0.4]]), logitsOf([[0.5, 0.5], [0.2, 0.8]])];
    // Targets (0.75, 0.25) and (0.4, 0.6).
    const expected = -(Math.log(0.5) + 0.4 * Math.log(0.8) + 0.6 * Math.log(0.2)) / 2;
    assertAlmostEquals(softCrossEntropy(p, teachers).dataSync()[0], expected, 1e-6);
  });
});

Deno.test("soft cross-entropy: a network that says what its teachers say has no gradient", () => {
  tf.tidy(() => {
    const z = seededNormal([1, 1, 2, 2, 3], 1);
    const { gradient } = valueAndGradient((x) => softCrossEntropy(x, [z]), z);
    gradient.forEach((slope) => assertAlmostEquals(slope, 0, 1e-7));
  });
});

Deno.test("soft cross-entropy: gradient equals finite differences, none reaches a teacher, no leak", () => {
  const z = seededNormal([2, 1, 2, 2, 3], 1),
    teachers = [2, 3].map((seed) => seededNormal([2, 1, 2, 2, 3], seed));
  tf.tidy(() => {
    checkGradient((x) => softCrossEntropy(x as Tensor5D, teachers), z);
    const through = valueAndGradient((x) => softCrossEntropy(x, [tf.mul(x, 2)]), z);
    assertEquals(through, valueAndGradient((x) => softCrossEntropy(x, [tf.mul(z, 2)]), z));
  });
  assertNoLeak(() => void valueAndGradient((x) => softCrossEntropy(x, teachers), z));
  tf.dispose([z, ...teachers]);
});

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { decidedLabels } from "../../lib/losses/decided_labels.ts";
import { softCrossEntropy } from "../../lib/losses/soft_cross_entropy.ts";
import { tf } from "../../lib/tensors/tf.ts";

/** Logits of three voxels and three classes whose softmax is the rows. */
const logitsOf = (...rows: number[][]) => tf.tensor5d(rows.flat().map(Math.log), [1, 1, 1, rows.length, 3]);

Deno.test("what is decided is the largest of the mixture, as the organ's code", () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const one = logitsOf([0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]);
    const other = logitsOf([0.1, 0.2, 0.7], [0.1, 0.8, 0.1], [0.7, 0.2, 0.1]);
    // 0.75 and 0.25 of them: 0.475, 0.275, 0.25; 0.1, 0.8, 0.1; 0.325, 0.2, 0.475.
    const { counts } = decidedLabels([one, other], { shares: [0.75, 0.25], organs: [4, 7] });
    assertEquals([counts[0], counts[4], counts[7]], [1, 1, 1]);
    // 0.25 and 0.75: 0.225, 0.225, 0.55; …; 0.575, 0.2, 0.225.
    const turned = decidedLabels([one, other], { shares: [0.25, 0.75], organs: [4, 7] });
    assertEquals([turned.counts[0], turned.counts[4], turned.counts[7]], [1, 1, 1]);
    assertEquals([...turned.rows], [0, 4, 7]);
    assertEquals([...turned.voxels], [2, 1, 0]);
  });
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a mixture of teachers with shares is the soft target; equal shares are none", () => {
  tf.tidy(() => {
    const student = logitsOf([0.5, 0.25, 0.25]), one = logitsOf([1, 0.0001, 0.0001].map((p) => p / 1.0002));
    const other = logitsOf([0.2, 0.4, 0.4]);
    const value = softCrossEntropy(student, [one, other], { shares: [0.25, 0.75] }).dataSync()[0]!;
    const q = [0.25 * 1 / 1.0002 + 0.15, 0.25 * 0.0001 / 1.0002 + 0.3, 0.25 * 0.0001 / 1.0002 + 0.3];
    assertAlmostEquals(value, -(q[0]! * Math.log(0.5) + (q[1]! + q[2]!) * Math.log(0.25)), 1e-5);
    const equal = softCrossEntropy(student, [one, other]).dataSync()[0]!;
    assertAlmostEquals(
      equal,
      softCrossEntropy(student, [one, other], { shares: [0.5, 0.5] }).dataSync()[0]!,
      1e-6,
    );
  });
});

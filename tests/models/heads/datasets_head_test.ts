import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createHead } from "../../../lib/models/heads/create_head.ts";
import { tf } from "../../../lib/tensors/tf.ts";

Deno.test("an organ is the mean of its channels; background is what none of them is; half decides", () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const { readout } = createHead({ kind: "datasets", owners: [1, 2, 1] }, { classes: 3, features: 4 });
    const logit = (p: number) => Math.log(p / (1 - p));
    // Organ 1 has 0.9 and 0.3, organ 2 has 0.2; then 0.6 and 0.1, and 0.4.
    const logits = tf.tensor5d([0.9, 0.2, 0.3, 0.6, 0.4, 0.1].map(logit), [1, 1, 1, 2, 3]);
    const close = (found: ArrayLike<number>, wanted: number[]) => {
      assertEquals(found.length, wanted.length);
      wanted.forEach((value, i) => assertAlmostEquals(found[i]!, value, 1e-6));
    };
    close(readout.probabilities(logits).dataSync(), [0.4 * 0.8, 0.6, 0.2, 0.65 * 0.6, 0.35, 0.4]);
    close(readout.votes(logits).dataSync(), [0.5, 0.6, 0.2, 0.5, 0.35, 0.4]);
    assertEquals([...tf.argMax(readout.ranks(logits), 4).dataSync()], [1, 0]);
  });
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("an organ without a channel, and a channel without an organ, are refused", () => {
  const create = (owners: number[]) => () =>
    createHead({ kind: "datasets", owners }, { classes: 3, features: 4 });
  assertThrows(create([1, 1]), Error, "each at least once, current are [1,1]");
  assertThrows(create([1, 2, 3]), Error, "of organs 1 to 2");
});

import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { averageWeights, decayAt } from "../../lib/models/averaged_weights.ts";
import { tf } from "../../lib/tensors/tf.ts";

Deno.test("the share that an average keeps: at first the plain mean, then the decay", () => {
  assertEquals([0, 1, 2, 4, 5, 100].map((update) => decayAt(update, 0.8)), [0, 0, 0.5, 0.75, 0.8, 0.8]);
});

Deno.test("averaged weights by hand: weights 8, 4, 0 with a decay of 1/2; meanwhile the model has them, afterwards its own", async () => {
  const before = tf.memory().numTensors;
  const weight = tf.tidy(() => tf.variable(tf.tensor1d([1, 100])));
  const model = { weights: { w: weight } };
  const average = averageWeights(model, { decay: 0.5 });
  const seen: number[] = [];
  for (const [i, value] of [8, 4, 0].entries()) {
    const set = tf.tensor1d([value, 100]);
    weight.assign(set);
    set.dispose();
    average.update(i + 1);
    seen.push(average.weights.w!.dataSync()[0]!);
  }
  assertEquals(seen, [8, 6, 3]);
  const at = await average.during(() => Promise.resolve([...weight.dataSync()]));
  at.forEach((value, i) => assertAlmostEquals(value, [3, 100][i]!, 1e-5));
  assertEquals([...weight.dataSync()], [0, 100]);
  await assertRejects(
    () => average.during(() => Promise.reject(new Error("no such case"))),
    Error,
    "no such case",
  );
  assertEquals([...weight.dataSync()], [0, 100], "whatever happens meanwhile");
  average.dispose();
  weight.dispose();
  assertEquals(tf.memory().numTensors, before);
});

import type { Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { softmaxDistance } from "../../lib/losses/softmax_distance.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { checkGradient } from "../support/losses/finite_difference.ts";
import { assertNoLeak, logitsOf, seededNormal, valueAndGradient } from "../support/losses/tiny_batch.ts";

Deno.test("the mean over voxels and channels of squared differences of probabilities, by hand", () => {
  const one = logitsOf([[0.5, 0.5], [0.9, 0.1]]), other = logitsOf([[0.8, 0.2], [0.5, 0.5]]);
  // (2 · 0.3² + 2 · 0.4²) / 4
  assertAlmostEquals(softmaxDistance(one, other).dataSync()[0], 0.125, 1e-6);
  assertEquals(softmaxDistance(one, one).dataSync()[0], 0);
  // Not the distance of logits: a constant added to all channels says nothing.
  assertAlmostEquals(softmaxDistance(tf.add(one, 3), other).dataSync()[0], 0.125, 1e-6);
});

Deno.test("its gradient is that of finite differences", () => {
  const other = seededNormal([2, 1, 2, 2, 3], 2);
  checkGradient((x) => softmaxDistance(x as Tensor5D, other), seededNormal([2, 1, 2, 2, 3], 1));
});

Deno.test("no gradient flows into the other prediction, even where both are one tensor's", () => {
  const x = seededNormal([1, 1, 2, 2, 3], 1), y = seededNormal([1, 1, 2, 2, 3], 2);
  // tfjs wants a path to every argument: the sum is one, with a slope of 1.
  const { gradient } = valueAndGradient((other) => tf.add(softmaxDistance(x, other), tf.sum(other)), y);
  assertEquals([...new Set(gradient)], [1]);
  // Of both arguments, made of one variable: the slope of the first alone.
  const alone = valueAndGradient((x) => softmaxDistance(x, y), x);
  const shift = tf.sub(y, x) as Tensor;
  const joint = valueAndGradient((x) => softmaxDistance(x, tf.add(x, shift)), x);
  joint.gradient.forEach((slope, i) => assertAlmostEquals(slope, alone.gradient[i], 1e-6));
});

Deno.test("no tensor is left", () => {
  const one = seededNormal([1, 1, 2, 2, 3], 1), other = seededNormal([1, 1, 2, 2, 3], 2);
  assertNoLeak(() => softmaxDistance(one, other));
  assertNoLeak(() => void valueAndGradient((x) => softmaxDistance(x, other), one));
});

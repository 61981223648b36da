import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { featureSimilarity } from "../../../lib/methods/mutual/feature_similarity.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { checkGradient } from "../../support/losses/finite_difference.ts";
import { assertNoLeak, seededNormal, tinyLogits, tinyTargets } from "../../support/losses/tiny_batch.ts";

const full = { channels: [1, 2, 3], pseudo: { organs: [3], weight: 1 } };

Deno.test("featureSimilarity by hand: each organ learns from its teacher over its true voxels", () => {
  tf.tidy(() => {
    const targets = tinyTargets([0, 1, 1, 2, 3], [1, 2], full);
    const features = tinyLogits([[5, 5], [1, 0], [1, 0], [0, 1], [1, -1]]);
    const teacher1 = tinyLogits([[-5, 5], [1, 0], [0, 1], [9, 9], [9, 9]]);
    const teacher2 = tinyLogits([[9, 9], [9, 9], [9, 9], [0, -2], [9, 9]]);
    const value = featureSimilarity(features, [
      { organ: 1, features: teacher1, weight: 0.5 }, // mean of 1 − 1 and 1 − 0
      { organ: 2, features: teacher2, weight: 0.1 }, // 1 − (−1)
      { organ: 3, features: teacher2, weight: 1 }, // only pseudo-labelled here: not taught
    ], { targets });
    assertAlmostEquals(value.dataSync()[0], 0.5 * 0.5 + 0.1 * 2, 1e-6);
  });
});

Deno.test("featureSimilarity is 0 without lessons, without weight and where the organ is not visible", () => {
  tf.tidy(() => {
    const features = seededNormal([1, 1, 1, 2, 3], 1);
    const targets = tinyTargets([0, 1], [1, 2], full);
    for (const lessons of [[], [{ organ: 1, features, weight: 0 }], [{ organ: 2, features, weight: 1 }]]) {
      assertEquals(featureSimilarity(features, lessons, { targets }).dataSync()[0], 0);
    }
  });
});

Deno.test("featureSimilarity: gradient equals finite differences; none reaches a teacher; no leak; same bits", () => {
  const features = seededNormal([1, 1, 1, 5, 3], 1), other = seededNormal([1, 1, 1, 5, 3], 2);
  const loss = (x: Tensor5D, teacher: Tensor5D) =>
    featureSimilarity(x, [{ organ: 1, features: teacher, weight: 0.7 }, {
      organ: 2,
      features: teacher,
      weight: 0.4,
    }], {
      targets: tinyTargets([0, 1, 1, 2, 255], [1, 2], full),
    });
  tf.tidy(() => {
    const gradient = checkGradient((x) => loss(x as Tensor5D, other), features);
    assert(gradient.slice(0, 3).every((g) => g === 0) && gradient.slice(12).every((g) => g === 0));
    const towards = tf.grad((x) => tf.add(loss(features, x as Tensor5D), tf.sum(x)))(other).dataSync();
    assert(towards.every((g) => g === 1), "teacher");
    const both = tf.grad((x) => loss(x as Tensor5D, tf.square(x) as Tensor5D))(features).dataSync();
    const constant = tf.square(features) as Tensor5D;
    assertEquals(both, tf.grad((x) => loss(x as Tensor5D, constant))(features).dataSync());
  });
  assertNoLeak(() => tf.tidy(() => void tf.grad((x) => loss(x as Tensor5D, other))(features)));
  tf.dispose([features, other]);
});

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { featureSimilarity } from "../../../lib/methods/mutual/feature_similarity.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { checkGradient } from "../../support/losses/finite_difference.ts";
import { assertNoLeak, seededNormal, tinyLogits, tinyTargets } from "../../support/losses/tiny_batch.ts";

const full = { channels: [1, 2, 3], pseudo: { organs: [3], weight: 1 } };

Deno.test("featureSimilarity of voxels by hand: each organ learns from its teacher over its true voxels", () => {
  tf.tidy(() => {
    const targets = tinyTargets([0, 1, 1, 2, 3], [1, 2], full);
    const features = tinyLogits([[5, 5], [1, 0], [1, 0], [0, 1], [1, -1]]);
    const teacher1 = tinyLogits([[-5, 5], [1, 0], [0, 1], [9, 9], [9, 9]]);
    const teacher2 = tinyLogits([[9, 9], [9, 9], [9, 9], [0, -2], [9, 9]]);
    const value = featureSimilarity(features, [
      { organ: 1, features: teacher1 }, // mean of 1 − 1 and 1 − 0
      { organ: 2, features: teacher2 }, // 1 − (−1)
      { organ: 3, features: teacher2 }, // only pseudo-labelled here: not taught
    ], { targets, form: "voxel" });
    assertAlmostEquals(value.dataSync()[0], 0.5 + 2, 1e-6);
  });
});

Deno.test("featureSimilarity of relations by hand: an organ lies to all others as in its teacher", () => {
  tf.tidy(() => {
    const targets = tinyTargets([0, 1, 1, 2, 3], [1, 2], full);
    // Prototypes of background, 1 and 2; what is pseudo-labelled counts for none.
    const features = tinyLogits([[1, 0], [1, 1], [1, -1], [0, 1], [9, 9]]); // cosines: (0,1) 1, (0,2) 0, (1,2) 0
    const teacher = tinyLogits([[0, 2], [0, 3], [0, 3], [1, 1], [9, 0]]); // (0,1) 1, (0,2) √½, (1,2) √½
    const other = tinyLogits([[1, 0], [0, 3], [0, 5], [0, 2], [0, 0]]); // (0,1) 0, (0,2) 0, (1,2) 1
    const value = (...lessons: { organ: number; features: Tensor5D }[]) =>
      featureSimilarity(features, lessons, { targets, form: "relations", minimumVoxels: 1 }).dataSync()[0];
    assertAlmostEquals(value({ organ: 1, features: teacher }), (0 + 0.5) / 2, 1e-6);
    assertAlmostEquals(value({ organ: 2, features: teacher }), (0.5 + 0.5) / 2, 1e-6);
    assertAlmostEquals(
      value({ organ: 1, features: other }, { organ: 2, features: teacher }),
      (1 + 1) / 2 + 0.5,
      1e-6,
    );
    assertEquals(value({ organ: 3, features: teacher }), 0);
  });
});

Deno.test("featureSimilarity of relations is 0 between two bases of the same features; of voxels it is not", () => {
  tf.tidy(() => {
    const targets = tinyTargets([0, 1, 1, 2, 3], [1, 2], full);
    const features = seededNormal([1, 1, 1, 5, 4], 5);
    const permuted = tf.gather(features, [2, 3, 1, 0], 4) as Tensor5D;
    const value = (form: "relations" | "voxel") =>
      featureSimilarity(features, [1, 2].map((organ) => ({ organ, features: permuted })), {
        targets,
        form,
        minimumVoxels: 1,
      }).dataSync()[0]!;
    assertAlmostEquals(value("relations"), 0, 1e-10);
    assert(value("voxel") > 0.3, `${value("voxel")}`);
  });
});

for (const form of ["relations", "voxel"] as const) {
  Deno.test(`featureSimilarity (${form}) is 0 without lessons and where the organ is not visible`, () => {
    tf.tidy(() => {
      const features = seededNormal([1, 1, 1, 2, 3], 1);
      const targets = tinyTargets([0, 1], [1, 2], full);
      for (const lessons of [[], [{ organ: 2, features }]]) {
        assertEquals(
          featureSimilarity(features, lessons, { targets, form, minimumVoxels: 1 }).dataSync()[0],
          0,
        );
      }
    });
  });

  Deno.test(`featureSimilarity (${form}): gradient equals finite differences; none reaches a teacher; no leak; same bits`, () => {
    const features = seededNormal([1, 1, 1, 5, 3], 1), other = seededNormal([1, 1, 1, 5, 3], 2);
    const loss = (x: Tensor5D, teacher: Tensor5D) =>
      featureSimilarity(x, [1, 2].map((organ) => ({ organ, features: teacher })), {
        targets: tinyTargets([0, 1, 1, 2, 255], [1, 2], full),
        form,
        minimumVoxels: 1,
      });
    tf.tidy(() => {
      const gradient = checkGradient((x) => loss(x as Tensor5D, other), features);
      const untouched = [...form === "voxel" ? gradient.slice(0, 3) : [], ...gradient.slice(12)];
      assert(untouched.every((g) => g === 0));
      const towards = tf.grad((x) => tf.add(loss(features, x as Tensor5D), tf.sum(x)))(other).dataSync();
      assert(towards.every((g) => g === 1), "teacher");
      const both = tf.grad((x) => loss(x as Tensor5D, tf.square(x) as Tensor5D))(features).dataSync();
      const constant = tf.square(features) as Tensor5D;
      assertEquals(both, tf.grad((x) => loss(x as Tensor5D, constant))(features).dataSync());
    });
    assertNoLeak(() => tf.tidy(() => void tf.grad((x) => loss(x as Tensor5D, other))(features)));
    tf.dispose([features, other]);
  });
}

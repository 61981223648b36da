import { assertAlmostEquals, assertEquals } from "@std/assert";
import { sameLabelNearest } from "../../../lib/methods/mutual/common_space.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { assertNoLeak, seededNormal, tinyLogits, tinyTargets } from "../../support/losses/tiny_batch.ts";

const full = { channels: [1, 2] };
const at = (codes: number[]) => ({ targets: tinyTargets(codes, [1, 2], full), minimumVoxels: 1 });

Deno.test("share of labels whose own prototype is the other model's nearest, by hand", () => {
  tf.tidy(() => {
    const options = at([0, 1, 2]);
    const features = tinyLogits([[1, 0, 0], [0, 1, 0], [0, 0, 1]]);
    const share = (others: number[][]) =>
      sameLabelNearest(features, tinyLogits(others), options)!.dataSync()[0]!;
    assertEquals(share([[5, 1, 0], [0, 3, 1], [0, 0, 2]]), 1, "lengths say nothing");
    assertAlmostEquals(share([[1, 0, 0], [0, 0, 1], [0, 1, 0]]), 1 / 3, 1e-6, "two are taken for each other");
    assertEquals(share([[0, 1, 0], [0, 0, 1], [1, 0, 0]]), 0, "another basis of the same features");
  });
});

Deno.test("a model shares a space with itself; one label alone decides nothing; no leak", () => {
  const features = seededNormal([1, 1, 1, 4, 3], 1);
  tf.tidy(() => {
    assertEquals(sameLabelNearest(features, features, at([0, 1, 2, 2]))!.dataSync()[0], 1);
    assertEquals(sameLabelNearest(features, tf.neg(features), at([1, 1, 1, 1])), undefined);
  });
  assertNoLeak(() => tf.tidy(() => void sameLabelNearest(features, features, at([0, 1, 2, 2]))));
  features.dispose();
});

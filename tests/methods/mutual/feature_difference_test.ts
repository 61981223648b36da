import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import {
  featureDifference,
  type FeatureDifferenceOptions,
} from "../../../lib/methods/mutual/feature_difference.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { checkGradient } from "../../support/losses/finite_difference.ts";
import {
  assertNoLeak,
  batchTargets,
  logitsOf,
  seededNormal,
  tinyLogits,
  tinyTargets,
} from "../../support/losses/tiny_batch.ts";

/** Model i owns organ 1 and sees it in the first two voxels; the batch labels organ 2 in the last two. */
const own = { channels: [1] };
const codes = [0, 0, 2, 2];
const seen = [[0, 1], [0, 1], [1, 0], [1, 0]];

const cases: [name: string, ours: number[], theirs: number[], expected: number][] = [
  ["identical", [3, 4], [3, 4], 1],
  ["of another length", [3, 4], [6, 8], 1],
  ["orthogonal", [3, 4], [-4, 3], 0],
  ["opposite", [3, 4], [-3, -4], 0],
  ["at 60 degrees", [1, 0], [1, Math.sqrt(3)], 0.5],
];
for (const [name, ours, theirs, expected] of cases) {
  Deno.test(`featureDifference of prototypes: ${name}`, () => {
    tf.tidy(() => {
      const value = featureDifference(
        { logits: logitsOf(seen), features: tinyLogits([ours, ours, [9, 9], [-9, 9]]) },
        tinyLogits([[9, -9], [9, 9], theirs, theirs]),
        { mode: "prototype", targets: tinyTargets(codes, [2], own), minimumVoxels: 2 },
      );
      assertAlmostEquals(value.dataSync()[0], expected, 1e-6);
    });
  });

  Deno.test(`featureDifference of relations: ${name}, whatever the peer's features are`, () => {
    tf.tidy(() => {
      const value = featureDifference(
        { logits: logitsOf(seen), features: tinyLogits([ours, ours, theirs, theirs]) },
        tinyLogits([[9, -9], [9, 9], [7, 7], [-7, 1]]),
        { mode: "relations", targets: tinyTargets(codes, [2], own), minimumVoxels: 2 },
      );
      assertAlmostEquals(value.dataSync()[0], expected, 1e-6);
    });
  });

  Deno.test(`featureDifference of voxels: ${name}`, () => {
    tf.tidy(() => {
      const value = featureDifference(
        { logits: logitsOf(seen), features: tinyLogits([[9, 9], [-9, 9], ours, ours]) },
        tinyLogits([[9, 9], [9, 9], theirs, theirs]),
        { targets: tinyTargets(codes, [2], own), mode: "voxel" },
      );
      assertAlmostEquals(value.dataSync()[0], expected, 1e-6);
    });
  });
}

Deno.test("featureDifference leaves out prototypes of too few voxels, on either side", () => {
  tf.tidy(() => {
    const value = (minimumVoxels: number, codes: number[], seen: number[][]) =>
      featureDifference(
        { logits: logitsOf(seen), features: tinyLogits(seen.map(() => [1, 1])) },
        tinyLogits(seen.map(() => [1, 1])),
        { mode: "prototype", targets: tinyTargets(codes, [2], own), minimumVoxels },
      ).dataSync()[0];
    assertAlmostEquals(value(2, codes, seen), 1, 1e-6);
    assertEquals(value(3, codes, seen), 0);
    assertEquals(value(2, [0, 0, 0, 2], seen), 0);
    assertEquals(value(2, codes, [[0, 1], [0.1, 0.9], [1, 0], [1, 0]]), 0);
  });
});

Deno.test("featureDifference pairs only different organs, and only unlabelled ones of the model", () => {
  tf.tidy(() => {
    // The model owns 1 and 2. Organ 2 is labelled in sample 1 only, so sample 2 gives it a prototype: no pair (2, 2).
    const targets = batchTargets([[2, 2, 0], [0, 0, 0]], [[2], []], { channels: [1, 2] });
    const sees2 = tf.reshape(
      logitsOf([[1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]]),
      [2, 1, 1, 3, 3],
    ) as Tensor5D;
    const features = tf.ones([2, 1, 1, 3, 2]) as Tensor5D;
    const options = { mode: "prototype", targets, minimumVoxels: 2 } as const;
    assertEquals(featureDifference({ logits: sees2, features }, features, options).dataSync()[0], 0);
    // Where the case labels organ 1 too, nothing of the model is unlabelled.
    const complete = tinyTargets(codes, [1, 2], own);
    const logits = logitsOf(seen), same = tinyLogits(seen.map(() => [1, 1]));
    const value = featureDifference({ logits, features: same }, same, {
      mode: "prototype",
      targets: complete,
      minimumVoxels: 2,
    });
    assertEquals(value.dataSync()[0], 0);
  });
});

Deno.test("featureDifference of relations is the same in any basis of a model's features; of prototypes it is not", () => {
  tf.tidy(() => {
    const features = seededNormal([1, 1, 1, 4, 3], 2), peer = seededNormal([1, 1, 1, 4, 3], 3);
    const permuted = tf.gather(features, [2, 0, 1], 4) as Tensor5D;
    const value = (mode: FeatureDifferenceOptions["mode"], features: Tensor5D) =>
      featureDifference({ logits: logitsOf(seen), features }, peer, {
        mode,
        targets: tinyTargets(codes, [2], own),
        minimumVoxels: 0.5,
      }).dataSync()[0]!;
    assertAlmostEquals(value("relations", permuted), value("relations", features), 1e-6);
    assert(Math.abs(value("prototype", permuted) - value("prototype", features)) > 0.05);
  });
});

for (const mode of ["relations", "prototype", "voxel"] as const) {
  Deno.test(`featureDifference (${mode}): gradients equal finite differences; constants stay constant; no leak`, () => {
    const shape: [number, number, number, number, number] = [2, 1, 1, 5, 3];
    const logits = seededNormal([2, 1, 1, 5, 3], 1),
      features = seededNormal(shape, 2),
      peer = seededNormal(shape, 3);
    const batch = [[0, 3, 3, 4, 0], [3, 4, 2, 0, 255]];
    const loss = (
      x: { logits?: Tensor5D; features?: Tensor5D; peer?: Tensor5D },
      options: Partial<FeatureDifferenceOptions> = {},
    ) =>
      featureDifference({ logits: x.logits ?? logits, features: x.features ?? features }, x.peer ?? peer, {
        targets: batchTargets(batch, [[3, 4], [2, 3, 4]], { channels: [1, 2] }),
        minimumVoxels: 0.5,
        mode,
        ...options,
      });
    const step = { step: 1e-2, tolerance: 0.02 };
    tf.tidy(() => {
      assert(loss({}).dataSync()[0]! > 0.05, "the case must not be trivial");
      checkGradient((x) => loss({ features: x as Tensor5D }), features, step);
      const related = (x: Tensor) => tf.add(x, peer) as Tensor5D;
      const gradient = tf.grad((x) => loss({ features: x as Tensor5D, peer: related(x) }))(features);
      const constant = related(features);
      const expected = tf.grad((x) => loss({ features: x as Tensor5D, peer: constant }))(features);
      assertEquals(gradient.dataSync(), expected.dataSync());
      const byLogits = tf.grad((x) => tf.add(loss({ logits: x as Tensor5D }), tf.sum(x)))(logits).dataSync();
      assert(byLogits.every((g) => g === 1), "no gradient reaches the probabilities");
    });
    assertNoLeak(() => tf.tidy(() => void tf.grad((x) => loss({ features: x as Tensor5D }))(features)));
    tf.dispose([logits, features, peer]);
  });
}

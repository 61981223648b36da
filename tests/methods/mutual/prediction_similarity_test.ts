import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { predictionSimilarity } from "../../../lib/methods/mutual/prediction_similarity.ts";
import { supervision } from "../../../lib/losses/supervision.ts";
import { symmetricKl } from "../../../lib/methods/mutual/symmetric_kl.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { checkGradient } from "../../support/losses/finite_difference.ts";
import {
  assertNoLeak,
  logitsOf,
  seededNormal,
  tinyTargets,
  valueAndGradient,
} from "../../support/losses/tiny_batch.ts";

const full = { channels: [1, 2, 3] };

Deno.test("predictionSimilarity does not change when probability moves between background and an unlabelled organ", () => {
  tf.tidy(() => {
    const targets = tinyTargets([0, 1, 1], [1], full);
    const value = (a: number) =>
      predictionSimilarity(
        { logits: logitsOf([[0.6 - a, 0.2, 0.1 + a, 0.1], [0.3 - a, 0.5, 0.1, 0.1 + a], [0, 1, 0, 0]]) },
        targets,
        { klWeight: 0 },
      )
        .dataSync()[0]!;
    assertAlmostEquals(value(0), value(0.29), 1e-6);
    const other = predictionSimilarity(
      { logits: logitsOf([[0.6, 0.3, 0, 0.1], [0.3, 0.5, 0.1, 0.1], [0, 1, 0, 0]]) },
      targets,
      { klWeight: 0 },
    );
    assert(Math.abs(other.dataSync()[0]! - value(0)) > 1e-3, "but it does when the labelled organ gains");
  });
});

Deno.test("symmetricKl by hand, zero for equal predictions, over all voxels but ignored ones", () => {
  tf.tidy(() => {
    const targets = tinyTargets([0, 1, 255], [1], { channels: [1] });
    const p = logitsOf([[0.5, 0.5], [0.2, 0.8], [0.5, 0.5]]);
    const q = logitsOf([[0.25, 0.75], [0.2, 0.8], [0.9, 0.1]]);
    const kl = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * Math.log(x / b[i]!), 0);
    const expected = (kl([0.5, 0.5], [0.25, 0.75]) + kl([0.25, 0.75], [0.5, 0.5])) / 2 / 2;
    assertAlmostEquals(symmetricKl(p, q, { targets }).dataSync()[0], expected, 1e-6);
    assertEquals(symmetricKl(p, p, { targets }).dataSync()[0], 0);
  });
});

Deno.test("symmetricKl: gradient equals finite differences, none reaches the peer, finite when saturated, no leak", () => {
  const p = seededNormal([1, 1, 1, 3, 4], 1), q = seededNormal([1, 1, 1, 3, 4], 2);
  const loss = (x: Tensor5D, peer: Tensor5D) =>
    symmetricKl(x, peer, { targets: tinyTargets([0, 1, 255], [1], full) });
  tf.tidy(() => {
    checkGradient((x) => loss(x as Tensor5D, q), p);
    const peer = tf.grad((x) => tf.add(loss(p, x as Tensor5D), tf.sum(x)))(q).dataSync();
    assert(peer.every((g) => g === 1));
    const { value, gradient } = valueAndGradient((x) => loss(x, tf.mul(q, 1e4)), tf.mul(p, 1e4));
    assert(Number.isFinite(value) && gradient.every(Number.isFinite));
  });
  assertNoLeak(() => void valueAndGradient((x) => loss(x, q), p));
  tf.dispose([p, q]);
});

Deno.test("predictionSimilarity = supervision + klWeight · symmetric KL", () => {
  tf.tidy(() => {
    const targets = tinyTargets([0, 1, 2], [1, 2], full);
    const p = seededNormal([1, 1, 1, 3, 4], 1), peer = seededNormal([1, 1, 1, 3, 4], 2);
    const expected = tf.add(supervision(p, targets), tf.mul(symmetricKl(p, peer, { targets }), 0.5))
      .dataSync();
    assertEquals(predictionSimilarity({ logits: p }, targets, { peer, klWeight: 0.5 }).dataSync(), expected);
    checkGradient(
      (x) => predictionSimilarity({ logits: x as Tensor5D }, targets, { peer, klWeight: 0.5 }),
      p,
    );
    assertThrows(
      () => predictionSimilarity({ logits: p }, targets, { klWeight: 1 }),
      Error,
      "must come with a peer",
    );
  });
});

Deno.test("predictionSimilarity across levels: supervision at each with its weight, the KL at full resolution alone", () => {
  tf.tidy(() => {
    const targets = tinyTargets([0, 1, 2, 0], [1, 2], full), coarser = tinyTargets([1, 0], [1, 2], full);
    const levelled = { ...targets, map: { ...targets.map, lower: [coarser.map] } };
    const logits = seededNormal([1, 1, 1, 4, 4], 1), peer = seededNormal([1, 1, 1, 4, 4], 2);
    const below = seededNormal([1, 1, 1, 2, 4], 3);
    const value = predictionSimilarity({ logits, lower: [below] }, levelled, { peer, klWeight: 0.5 });
    const [ofFull, ofLower] = [supervision(logits, targets), supervision(below, coarser)].map((one) =>
      one.dataSync()[0]!
    );
    const kl = symmetricKl(logits, peer, { targets }).dataSync()[0]!;
    assertAlmostEquals(value.dataSync()[0], (2 * ofFull! + ofLower!) / 3 + 0.5 * kl, 1e-6);
  });
});

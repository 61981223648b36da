import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED, UNCERTAIN } from "../../../lib/data/label_set.ts";
import type { LevelLogits } from "../../../lib/losses/across_levels.ts";
import type { LabelTargets } from "../../../lib/losses/allowed.ts";
import {
  predictionDifference,
  type PredictionDifferenceOptions,
} from "../../../lib/methods/mutual/prediction_difference.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { checkGradient } from "../../support/losses/finite_difference.ts";
import {
  assertNoLeak,
  batchTargets,
  logitsOf,
  seededNormal,
  tinyTargets,
  valueAndGradient,
} from "../../support/losses/tiny_batch.ts";

/** Model i owns organs 1 and 2; the batch is from a dataset of organs 3 and 4. f = p_1 + p_2. */
const own = { channels: [1, 2] };
const p = [[0.5, 0.3, 0.2], [0.6, 0.4, 0], [0.9, 0.05, 0.05], [0.1, 0.9, 0]];
const codes = [3, 4, 0, IGNORED];
const f = [0.5, 0.4, 0.1] as const;

const forms: [form: PredictionDifferenceOptions["form"], expected: number][] = [
  ["label", -(Math.log(1 - f[0]) + Math.log(1 - f[1])) / 3],
  ["recall", (f[0] + f[1]) / 2],
  ["exclusion", 2 * (f[0] + f[1]) / (f[0] + f[1] + f[2] + 2)],
];
for (const [form, expected] of forms) {
  Deno.test(`predictionDifference "${form}" by hand`, () => {
    tf.tidy(() => {
      const loss = predictionDifference({ logits: logitsOf(p) }, tinyTargets(codes, [3, 4], own), { form });
      assertAlmostEquals(loss.dataSync()[0], expected, 1e-6);
    });
  });

  Deno.test(`predictionDifference "${form}" is 0 on disjoint masks`, () => {
    tf.tidy(() => {
      const logits = logitsOf([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]);
      const loss = predictionDifference({ logits }, tinyTargets([3, 4, 0, 0], [3, 4], own), { form });
      assertEquals(Math.abs(loss.dataSync()[0]!), 0);
    });
  });

  Deno.test(`predictionDifference "${form}" is 0 where the batch shows no foreign organ`, () => {
    tf.tidy(() => {
      const loss = predictionDifference({ logits: logitsOf(p) }, tinyTargets([0, 0, 0, 0], [3, 4], own), {
        form,
      });
      assertEquals(loss.dataSync()[0], 0);
    });
  });
}

for (const form of ["label", "recall", "exclusion"] as const) {
  Deno.test(`predictionDifference "${form}": gradient equals finite differences; no leak; same bits`, () => {
    const logits = seededNormal([2, 1, 1, 4, 3], 3);
    const run = () =>
      tf.tidy(() => {
        const targets = batchTargets([[0, 3, 4, IGNORED], [2, 3, 0, UNCERTAIN]], [[3, 4], [2, 3]], own);
        return valueAndGradient((z) => predictionDifference({ logits: z }, targets, { form }), logits);
      });
    tf.tidy(() => {
      const targets = batchTargets([[0, 3, 4, IGNORED], [2, 3, 0, UNCERTAIN]], [[3, 4], [2, 3]], own);
      checkGradient((z) => predictionDifference({ logits: z as Tensor5D }, targets, { form }), logits);
    });
    assertNoLeak(() => void run());
    assertEquals(run(), run());
    logits.dispose();
  });
}

Deno.test("predictionDifference: a shared organ teaches, unless sharedOrgans is off", () => {
  tf.tidy(() => {
    const at = (sharedOrgans: boolean) =>
      valueAndGradient(
        (z) =>
          predictionDifference({ logits: z }, tinyTargets([2, 0, 3], [2, 3], { ...own, sharedOrgans }), {
            form: "label",
          }),
        logitsOf([p[0]!, p[2]!, p[1]!]),
      );
    const on = at(true), off = at(false);
    assert(on.gradient[2]! < 0, "organ 2 is pushed up where it is labelled");
    assert(on.gradient[5]! > 0 && on.gradient[3 + 1]! < 0, "background forbids organ 2 but not organ 1");
    assert(off.gradient.slice(0, 6).every((g) => g === 0), "off: only the foreign organ says anything");
    assertAlmostEquals(off.value, -Math.log(0.6) / 3, 1e-6);
  });
});

/** The batch annotates 3 alone; its own model owns 3, third models own 4, or 5 and the model's organ 2. */
const thirds = { logits: [[0.2, 0.8], [0.3, 0.7], [0.4, 0.6]], channels: [4] };
const others = { logits: [[0.2, 0.3, 0.5], [0.2, 0.1, 0.7], [0.4, 0.4, 0.2]], channels: [2, 5] };
const annotating = { logits: [[0.2, 0.8], [0.9, 0.1], [0.1, 0.9]], channels: [3] };
const peersOf = (codes: number[], ...peers: (typeof thirds)[]) =>
  peers.map(({ logits, channels }) => ({
    logits: logitsOf(logits),
    targets: tinyTargets(codes, [3], { channels }),
  }));

Deno.test(`predictionDifference "peer" by hand: what third models predict fills what labels leave open`, () => {
  tf.tidy(() => {
    const codes = [3, 0, UNCERTAIN];
    const targets = tinyTargets(codes, [3], own);
    const value = (...peers: (typeof thirds)[]) =>
      predictionDifference({ logits: logitsOf(p.slice(0, 3)) }, targets, {
        form: "peer",
        peers: peersOf(codes, ...peers),
      })
        .dataSync()[0]!;
    // Voxel 1 is labelled 3: G = 1. In voxel 2 the label rules 3 out, 2 is the model's own; what is undecided stays so.
    const labelled = -Math.log(0.5) / 3;
    assertAlmostEquals(value(annotating, thirds), labelled - 0.7 * Math.log(0.6) / 3, 1e-6);
    const higher = { ...others, logits: [[0.2, 0.3, 0.5], [0.05, 0.05, 0.9], [0.4, 0.4, 0.2]] };
    assertAlmostEquals(
      value(annotating, thirds, higher),
      labelled - 0.9 * Math.log(0.6) / 3,
      1e-6,
      "the largest",
    );
    assertAlmostEquals(value(annotating, annotating), labelled, 1e-6, "what it knows is annotated");
  });
});

Deno.test(`predictionDifference "peer": gradient equals finite differences and none reaches a peer; no leak`, () => {
  const codes = [3, 0, 0, UNCERTAIN];
  const random = seededNormal([1, 1, 1, 4, 2], 9), z = seededNormal([1, 1, 1, 4, 3], 8);
  const loss = (z: Tensor5D, logits: Tensor5D) => {
    const targets = tinyTargets(codes, [3], own);
    const [peerTargets, third] = [[3], [4]].map((channels) => tinyTargets(codes, [3], { channels }));
    const peers = [{ logits, targets: peerTargets! }, { logits, targets: third! }];
    return predictionDifference({ logits: z }, targets, { form: "peer", peers });
  };
  tf.tidy(() => {
    checkGradient((z) => loss(z as Tensor5D, random), z);
    const doubled = (z: Tensor5D) => tf.mul(tf.slice(z, [0, 0, 0, 0, 0], [1, 1, 1, 4, 2]), 2) as Tensor5D;
    const through = valueAndGradient((z) => loss(z, doubled(z)), z);
    assertEquals(through, valueAndGradient((x) => loss(x, doubled(z)), z));
    for (const peers of [[], peersOf(codes.slice(1), thirds)]) {
      assertThrows(
        () => predictionDifference({ logits: z }, tinyTargets(codes, [3], own), { form: "peer", peers }),
        Error,
        `form "peer" must come with two peers at least, current number is ${peers.length}`,
      );
    }
  });
  assertNoLeak(() => tf.tidy(() => void tf.grad((x) => loss(x as Tensor5D, random))(z)));
  tf.dispose([random, z]);
});

Deno.test("predictionDifference across levels: labels at each with its weight, what peers predict at full resolution alone", () => {
  tf.tidy(() => {
    const codes = [3, 0, 0, 4], targets = tinyTargets(codes, [3], own);
    const coarser = tinyTargets([0, 4], [3], own);
    const levelled = { ...targets, map: { ...targets.map, lower: [coarser.map] } };
    const [logits, below] = [logitsOf(p.slice(0, 4)), logitsOf(p.slice(1, 3))];
    const peers = peersOf(
      codes,
      ...[annotating, thirds].map((peer) => ({
        ...peer,
        logits: [...peer.logits, [0.5, 0.5]],
      })),
    );
    const value = (said: LevelLogits, targets: LabelTargets, form: PredictionDifferenceOptions["form"]) =>
      predictionDifference(said, targets, { form, peers }).dataSync()[0]!;
    for (const form of ["label", "recall", "exclusion"] as const) {
      const [full, lower] = [value({ logits }, targets, form), value({ logits: below }, coarser, form)];
      assertAlmostEquals(value({ logits, lower: [below] }, levelled, form), (2 * full + lower) / 3, 1e-6);
    }
    const [labels, peer] = (["label", "peer"] as const).map((form) => value({ logits }, targets, form));
    assert(peer! > labels! + 0.01);
    const across = value({ logits, lower: [below] }, levelled, "label");
    assertAlmostEquals(value({ logits, lower: [below] }, levelled, "peer"), across + peer! - labels!, 1e-6);
  });
});

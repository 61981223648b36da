import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Shape, Spacing } from "../../lib/imaging/volume.ts";
import { everyMetric, type Metric, metrics, type Scores } from "../../lib/metrics/metric.ts";
import { scoreCase, scoreOrgan } from "../../lib/metrics/score_case.ts";
import { peerCases } from "../support/metrics/fixture.ts";

function assertScores(actual: Scores, expected: Partial<Scores>, name: string): void {
  for (const [metric, value] of Object.entries(expected) as [Metric, number][]) {
    const message = `${name}, ${metric}: expected ${value}, got ${actual[metric]}`;
    if (Number.isFinite(value)) assertAlmostEquals(actual[metric], value, 1e-5, message);
    else assert(Object.is(actual[metric], value), message);
  }
}

/** The same rule for every metric. */
function all(value: (metric: Metric) => number): Scores {
  return Object.fromEntries(everyMetric.map((metric) => [metric, value(metric)])) as Scores;
}

for (const peer of peerCases) {
  Deno.test(`scores equal MONAI's and surface-distance's: ${peer.name}`, () => {
    const expected = { ...peer.scores };
    // Where one mask is empty MONAI answers NaN for Dice or HD95, and so would hide a missed organ.
    if (peer.scores.assd === Infinity) Object.assign(expected, { dice: 0, hd95: Infinity });
    assertScores(scoreOrgan(peer.prediction, peer.truth, peer), expected, peer.name);
  });
}

Deno.test("masks that are not 0 and 1 score the same, whatever the nonzero value", () => {
  const peer = peerCases[0]!;
  const prediction = peer.prediction.map((value) => value * 255);
  assertScores(scoreOrgan(prediction, peer.truth, peer), peer.scores, "255");
});

// Two rows of six voxels, 1×2×6, spacing [5, 1, 2] mm: distances along x are multiples of 2.
const shape: Shape = [1, 2, 6];
const spacing: Spacing = [5, 1, 2];
const truth = Uint8Array.from([1, 1, 0, 0, 2, 0, 1, 1, 0, 0, 3, 9]);
const prediction = Uint8Array.from([0, 1, 1, 0, 0, 4, 0, 1, 1, 0, 0, 2]);
const tolerancesMm = { 1: 2, 2: 1, 3: 1, 4: 1, 5: 1 };

Deno.test("a case is scored organ by organ, as each is alone", () => {
  const scores = scoreCase(prediction, truth, { shape, spacing, labelSet: [1, 2, 3, 4, 5], tolerancesMm });
  assertEquals([...scores.keys()], [1, 2, 3, 4, 5]);
  // Each half of an organ 1 is 2 mm from the other's nearest voxel or in it: of 4 distances a side, 2 are 0 and 2
  // are 2; the 95th percentile lies between the third and the fourth, both 2.
  assertEquals([scores.get(1)!.dice, scores.get(1)!.hd95, scores.get(1)!.assd], [0.5, 2, 1]);
  assertEquals(scores.get(1)!.nsd, 1);
  // Organ 2: one voxel each, one step along y and one along x apart.
  assertEquals([scores.get(2)!.dice, scores.get(2)!.nsd < 1], [0, true]);
  assertAlmostEquals(scores.get(2)!.hd95, Math.hypot(1, 2), 1e-12);
  assertAlmostEquals(scores.get(2)!.assd, Math.hypot(1, 2), 1e-12);
  const missed = all((metric) => metrics[metric].missed);
  assertScores(missed, { dice: 0, nsd: 0, hd95: Infinity, assd: Infinity }, "METHOD, rule 4");
  assertScores(scores.get(3)!, missed, "in the truth only");
  assertScores(scores.get(4)!, missed, "in the prediction only");
  assertScores(scores.get(5)!, all(() => NaN), "in neither");
});

Deno.test("only organs of the label set are scored", () => {
  const scores = scoreCase(prediction, truth, { shape, spacing, labelSet: [3, 1], tolerancesMm });
  assertEquals([...scores.keys()], [3, 1]);
  assertEquals(scoreCase(prediction, truth, { shape, spacing, labelSet: [], tolerancesMm }).size, 0);
});

Deno.test("truth and prediction can change places", () => {
  for (const peer of peerCases) {
    const there = scoreOrgan(peer.prediction, peer.truth, peer);
    assertScores(scoreOrgan(peer.truth, peer.prediction, peer), there, peer.name);
  }
});

Deno.test("organs cut out of a large scan score as in a small one", () => {
  const peer = peerCases.find(({ name }) => name === "noise")!;
  const large: Shape = [20, 31, 27];
  const placed = (mask: Uint8Array) => {
    const labels = new Uint8Array(large[0] * large[1] * large[2]);
    const [depth, height, width] = peer.shape;
    for (let z = 0, voxel = 0; z < depth; z++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          labels[((z + 11) * large[1] + y) * large[2] + x + 9] = 7 * mask[voxel++]!;
        }
      }
    }
    return labels;
  };
  const scores = scoreCase(placed(peer.prediction), placed(peer.truth), {
    shape: large,
    spacing: peer.spacing,
    labelSet: [7],
    tolerancesMm: { 7: peer.toleranceMm },
  });
  assertScores(scores.get(7)!, peer.scores, peer.name);
});

Deno.test("what cannot be scored is refused", () => {
  const refusals: [() => unknown, string][] = [
    [
      () => scoreOrgan(new Uint8Array(11), truth, { shape, spacing, toleranceMm: 1 }),
      "Cannot score prediction: it must have 1×2×6 = 12 voxels, current value is 11",
    ],
    [() => scoreOrgan(truth, new Uint8Array(13), { shape, spacing, toleranceMm: 1 }), "Cannot score truth"],
    [
      () => scoreOrgan(truth, truth, { shape, spacing, toleranceMm: -1 }),
      "must be >= 0 mm, current value is -1",
    ],
    [
      () => scoreCase(prediction, truth, { shape, spacing, labelSet: [1], tolerancesMm: {} }),
      "must be >= 0 mm, current value is undefined",
    ],
  ];
  for (const [refused, message] of refusals) assertThrows(refused, RangeError, message);
});

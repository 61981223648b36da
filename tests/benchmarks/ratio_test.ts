import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Measurement } from "../../benchmarks/harness/contest.ts";
import { isMet, outputDifference, ratioOf } from "../../benchmarks/harness/ratio.ts";

function measured(name: string, values: Partial<Measurement>): Measurement {
  return { name, seconds: [1, 1, 1], outputs: [], idleMiB: 100, peakMiB: 200, ...values };
}

const ours = measured("ours", { seconds: [1, 2, 9], idleMiB: 100, peakMiB: 400 });
const slow = measured("slow", { seconds: [5, 8, 10], idleMiB: 500, peakMiB: 700 });
const fast = measured("fast", { seconds: [4, 4, 3], idleMiB: 100, peakMiB: 1000 });
const sides = { work: "work", ours: "ours", peers: ["slow", "fast"] };

Deno.test("the ratio is that of medians, against the fastest peer; the spread is that of the rounds' ratios", () => {
  const ratio = ratioOf([ours, slow, fast], { ...sides, goal: 0.6 });
  const { peer, unit, oursValue, peerValue, goal } = ratio;
  assertEquals({ peer, unit, oursValue, peerValue, goal }, {
    peer: "fast",
    unit: "s",
    oursValue: 2,
    peerValue: 4,
    goal: 0.6,
  });
  assertEquals(ratio.ratio, 0.5);
  // Rounds: 0.25, 0.5, 3. Percentiles lie a fifth of the way to the middle.
  assertAlmostEquals(ratio.spread[0], 0.3);
  assertAlmostEquals(ratio.spread[1], 2.5);
});

Deno.test("memory is growth above the idle process, against the peer that grows least", () => {
  const ratio = ratioOf([ours, slow, fast], { ...sides, unit: "MiB" });
  assertEquals([ratio.peer, ratio.oursValue, ratio.peerValue], ["slow", 300, 200]);
  assertEquals([ratio.ratio, ...ratio.spread], [1.5, 1.5, 1.5]);
});

Deno.test("what was not measured cannot be compared", () => {
  assertThrows(
    () => ratioOf([ours, slow], sides),
    Error,
    "Cannot compare work: fast must have been measured",
  );
});

Deno.test("a goal is met by a ratio that is not above it; without a goal nothing is met", () => {
  const ratio = ratioOf([ours, slow, fast], sides);
  assertEquals([undefined, 0.49, 0.5].map((goal) => isMet({ ...ratio, goal })), [false, false, true]);
});

Deno.test("outputs differ by the largest difference of any round, relative to the largest output", () => {
  const a = measured("a", { outputs: [[1, -8], [2, 3]] });
  assertEquals(outputDifference(a, { ...a, outputs: [[1, -8], [2, 3]] }), 0);
  assertEquals(outputDifference(a, { ...a, outputs: [[1, -8], [2, 1]] }), 0.25);
  assertEquals(outputDifference(a, { ...a, outputs: [[1, NaN], [2, 3]] }), NaN);
});

Deno.test("outputs of different lengths are no outputs of the same work", () => {
  const a = measured("a", { outputs: [[1], [2]] }), b = measured("b", { outputs: [[1], [2, 3]] });
  assertThrows(() => outputDifference(a, b), Error, "a has 1, 1, b 1, 2");
  assertThrows(() => outputDifference(a, { ...b, outputs: [[1]] }), Error, "Cannot compare outputs");
});

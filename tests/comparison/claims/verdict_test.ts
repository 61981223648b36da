import { assertEquals } from "@std/assert";
import type { Outcome } from "../../../lib/comparison/claims/claim.ts";
import { type Verdict, verdictOf } from "../../../lib/comparison/claims/verdict.ts";

const cases: [direction: Outcome["direction"], low: number, high: number, verdict: Verdict][] = [
  // The smallest difference that counts is 0.02.
  ["more", 0.021, 0.04, "reproduced"],
  ["more", 0.02, 0.04, "not shown"], // at it is not beyond it
  ["more", -0.04, -0.021, "contradicted"],
  ["more", -0.04, -0.02, "not shown"],
  ["more", -0.015, 0.015, "not shown"],
  ["more", -0.02, 0.0201, "too small to tell"], // half of it is 0.02005
  ["more", 0.03, 0.2, "reproduced"], // wide, and beyond all the same
  ["less", -0.04, -0.021, "reproduced"],
  ["less", 0.021, 0.04, "contradicted"],
  ["less", -0.04, 0.04, "too small to tell"],
  ["less", -0.03, 0.005, "not shown"],
  ["equal", -0.02, 0.02, "reproduced"],
  ["equal", 0.001, 0.0199, "reproduced"], // no difference that counts, though there is one
  ["equal", 0.021, 0.03, "contradicted"],
  ["equal", -0.03, -0.021, "contradicted"],
  ["equal", -0.01, 0.025, "not shown"],
  ["equal", -0.03, 0.03, "too small to tell"],
  ["more", NaN, NaN, "too small to tell"], // one subject has no interval
  ["equal", NaN, NaN, "too small to tell"],
  ["more", -Infinity, Infinity, "too small to tell"], // distances of missed organs
  ["less", -Infinity, -0.5, "reproduced"],
];

Deno.test("a verdict is a rule on the interval, the smallest difference and the direction", () => {
  for (const [direction, low, high, verdict] of cases) {
    const found = verdictOf({ value: (low + high) / 2, low, high }, { direction, smallestDifference: 0.02 });
    assertEquals([direction, low, high, found], [direction, low, high, verdict]);
  }
});

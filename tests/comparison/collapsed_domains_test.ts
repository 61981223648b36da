import { assertEquals } from "@std/assert";
import { collapsedDomains } from "../../lib/comparison/collapsed_domains.ts";
import type { ScoreRow } from "../../lib/metrics/score_row.ts";

const row = (dataset: string, organ: string, dice: number): ScoreRow => ({ case: "1", dataset, organ, dice });
const labelled = { a: ["liver"], b: ["spleen"] };

/** Dice of the liver in its own domain and in the other → whether that is a collapse. */
const CASES: [own: number, foreign: number, collapsed: boolean][] = [
  [0.9, 0.5, true],
  [0.9, 0.7, false],
  [0.6, 0.1, false],
  [0.75, 0.4375, true],
  [NaN, 0.1, false],
  [0.9, NaN, false],
];
for (const [own, foreign, collapsed] of CASES) {
  Deno.test(`liver ${own} where it is labelled, ${foreign} where it never was`, () =>
    assertEquals(
      collapsedDomains({ arm: [row("a", "liver", own), row("b", "liver", foreign)] }, labelled),
      collapsed ? [{ arm: "arm", organ: "liver", own, domain: "b", foreign }] : [],
    ));
}

Deno.test("a dataset that was never trained on is a foreign domain; its name may be any word", () =>
  assertEquals(
    collapsedDomains([row("a", "liver", 1), row("constructor", "liver", 0)], labelled).map(({ domain }) =>
      domain
    ),
    ["constructor"],
  ));

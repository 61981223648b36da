import { assertEquals } from "@std/assert";
import { caseValues } from "../../lib/comparison/case_values.ts";
import type { ScoreRow } from "../../lib/metrics/score_row.ts";

const row = (values: Partial<ScoreRow>): ScoreRow => ({
  case: "1",
  dataset: "a",
  organ: "liver",
  dice: 0.5,
  ...values,
});

const ROWS = {
  one: [
    row({ seed: 1, dice: 0.5 }),
    row({ seed: 2, dice: 0.75 }),
    row({ seed: 1, organ: "spleen", dice: 0.25 }),
    row({ seed: 1, case: "2", dice: NaN }),
  ],
  two: [row({ dataset: "b", dice: 1, hd95: Infinity })],
};

Deno.test("cases of one organ are joined by dataset and case, seeds averaged; a case without a value is none", () => {
  const { cases, arms, what } = caseValues(ROWS, { organ: "liver" });
  assertEquals(what, "liver");
  assertEquals(arms, [{ name: "one", seeds: [1, 2] }, { name: "two", seeds: [undefined] }]);
  assertEquals(cases.map(({ dataset, case: id, values, bySeed }) => [dataset, id, values, bySeed]), [
    ["a", "1", [0.625, NaN], [[0.5, 0.75], [NaN]]],
    ["b", "1", [NaN, 1], [[NaN, NaN], [1]]],
  ]);
});

Deno.test("without an organ: the mean over the organs that have a value", () => {
  const { cases, what } = caseValues(ROWS);
  assertEquals(what, "mean over organs");
  assertEquals(cases[0]!.values, [(0.625 + 0.25) / 2, NaN]);
  assertEquals(cases[0]!.bySeed, [[(0.5 + 0.25) / 2, 0.75], [NaN]]);
});

Deno.test("a missed organ's distance is infinite", () =>
  assertEquals(caseValues(ROWS, { metric: "hd95" }).cases.map(({ values }) => values), [[NaN, Infinity]]));

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { caseValues } from "../../../lib/comparison/case_values.ts";
import { compareArms } from "../../../lib/comparison/compare_arms.ts";
import type { ScoreRow } from "../../../lib/metrics/score_row.ts";
import { caseScatter, sortedDifferences } from "../../../lib/plots/cases/case_scatter.ts";
import { joinedCases } from "../../../lib/plots/cases/joined_cases.ts";
import { missPlace } from "../../../lib/plots/cases/miss_line.ts";

const rows = (values: readonly number[], seed: number): ScoreRow[] =>
  values.map((hd95, index) => ({ case: `c${index}`, dataset: "a", organ: "liver", dice: 0.5, hd95, seed }));

const ROWS = {
  mutual: [...rows([1, 2, Infinity], 1), ...rows([3, 2, Infinity], 2)],
  other: rows([4, 1, 10], 1),
};
const comparison = compareArms(ROWS, { metric: "hd95" });
const values = caseValues(ROWS, { organ: "liver", metric: "hd95" });
const titleOf = ({ layout }: { layout: Record<string, unknown> }) => (layout.title as { text: string }).text;

Deno.test("every case is a line from arm to arm, every seed a mark; a miss stands above all", () => {
  const { data, layout } = joinedCases(values, comparison);
  const [lines, one, two] = data;
  assertEquals(lines!.y, [2, 4, null, 2, 1, null, 1.08 * 10, 10, null]);
  assertEquals(one!.name, "seed 1");
  assertEquals(one!.x, [0, 0, 0, 1, 1, 1]);
  assertEquals(two!.x, [0, 0, 0]);
  assertEquals((layout.shapes as { y0: number }[])[0]!.y0, 1.08 * 10);
  const labels = (layout.xaxis as { ticktext: string[] }).ticktext;
  assertStringIncludes(labels[0]!, "n = 3");
  assertStringIncludes(labels[1]!, "n = 3");
});

Deno.test("two arms: a point a case that both have; differences in order, the better ones counted", () => {
  const two = { arm: "other", reference: "mutual" };
  const scatter = caseScatter(values, two);
  assertEquals([scatter.data[0]!.x, scatter.data[0]!.y], [[2, 2], [4, 1]]);
  assertStringIncludes(titleOf(scatter), "1 cases that one of the two missed are not drawn");
  assertStringIncludes(titleOf(scatter), "below the line other is better");
  const sorted = sortedDifferences(values, two);
  assertEquals(sorted.data[0]!.y, [-1, 2]);
  assertStringIncludes(titleOf(sorted), "other is better in 1 of 2 cases");
  assert(
    titleOf(caseScatter(values, { arm: "none", reference: "mutual" })).includes(
      "No case has a value in both arms",
    ),
  );
});

Deno.test("misses have no place where there is none", () => {
  assertEquals(missPlace([1, NaN]), undefined);
  assertEquals(missPlace([Infinity]), 1);
});

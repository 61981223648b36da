import { assert, assertEquals } from "@std/assert";
import { compareArms } from "../../../lib/comparison/compare_arms.ts";
import { armCurves } from "../../../lib/plots/arms/arm_curves.ts";
import { differenceTable, intervalTable } from "../../../lib/plots/arms/comparison_table.ts";
import { pseudoFilterTable } from "../../../lib/plots/training/pseudo_filter_table.ts";
import { pseudoLabelTable } from "../../../lib/plots/training/pseudo_label_table.ts";
import { tableToMarkdown } from "../../../lib/plots/tables/table.ts";
import { worstCaseTable } from "../../../lib/plots/arms/worst_case_table.ts";

/** Eight cases that are all alike, so that every interval is a point; the last one is missed. */
const arm = (dice: number, missed = false) =>
  Array.from({ length: 8 }, (_, i) => {
    const lost = missed && i === 7;
    return {
      case: `${i}`,
      dataset: "full",
      organ: "Liver",
      dice: lost ? 0 : dice,
      hd95: lost ? Infinity : 2,
    };
  });

Deno.test("arms by organs with intervals; misses in brackets", () => {
  const arms = { mutual: arm(0.8), other: arm(0.75, true) };
  const dice = intervalTable(compareArms({ mutual: arm(0.8) }));
  assertEquals(dice.columns, ["arm", "seeds", "Liver", "mean over organs"]);
  assertEquals(dice.rows, [["mutual", 1, "0.800 [0.800,\u00a00.800]", "0.800 [0.800,\u00a00.800]"]]);
  const hd95 = intervalTable(compareArms(arms, { metric: "hd95" }));
  assertEquals([dice.caption, hd95.caption], [
    "Mean Dice [95 % interval]",
    "Median HD95 (mm) [95 % interval]",
  ]);
  assertEquals(hd95.rows[1]?.[2], "2.0 [2.0,\u00a02.0] (1 missed)");
  assert(hd95.notes.some((note) => note.includes("missed") && note.includes("other 1")), hd95.notes.join());
});

Deno.test("differences with sign, interval, pairs, p and stars; none of the reference", () => {
  const made = differenceTable(compareArms({ mutual: arm(0.8), worse: arm(0.75), same: arm(0.8) }));
  assertEquals(
    made.rows.slice(0, 2),
    ["Liver", "mean over organs"].map((organ) => [
      // Eight ties, so the normal approximation: z = (36 - 18 - ½) / √40.5 = 2.75.
      ...["worse", organ, "−0.050", "−0.050 to −0.050", 8, "0.006", { text: "0.006", mark: "**" }],
    ]),
  );
  assertEquals(made.rows[2], ["same", "Liver", "0.000", "0.000 to 0.000", 8, null, { text: "–", mark: "" }]);
  assert(tableToMarkdown(made).includes("| ---: | ---: | ---: | ---: | ---: |\n"), tableToMarkdown(made));
});

Deno.test("pseudo labels: counts by filter, with the Dice where it is known", () => {
  const row = (organ: string, filter: string, dice: number) => ({
    case: "a",
    dataset: "full",
    organ,
    kept: filter === "",
    filter,
    dice,
  });
  const made = pseudoLabelTable({
    mutual: [
      row("Spleen", "", 0.8),
      row("Spleen", "", 0.6),
      row("Spleen", "volume", 0.1),
      row("Liver", "", NaN),
    ],
    nnunet: [],
  }, { organs: ["Liver", "Spleen"] });
  assertEquals(made.columns, ["arm", "organ", "kept", "dropped: volume"]);
  assertEquals(made.rows, [["mutual", "Liver", "1", "0"], ["mutual", "Spleen", "2 (0.700)", "1 (0.100)"]]);
  assertEquals(pseudoLabelTable({}).notes, ["None of the arms has pseudo labels."]);
});

Deno.test("filters of pseudo labels: what each dropped, and what each would drop and keep by itself", () => {
  const row = (objections: string[], dice: number) => ({
    kept: objections.length === 0,
    filter: objections[0] ?? "",
    objections,
    dice,
  });
  const { columns, rows } = pseudoFilterTable([
    row([], 0.8),
    row([], 0.6),
    row(["confidence", "feature"], 0.1),
    row(["feature"], 0.7),
    row(["empty"], 0),
  ]);
  assertEquals(columns, ["filter", "dropped", "alone: drops", "alone: keeps"]);
  assertEquals(rows, [
    ["empty", "1 (0.000)", "1 (0.000)", "4 (0.550)"],
    ["confidence", "1 (0.100)", "1 (0.100)", "3 (0.700)"],
    ["agreement", "0", "0", "4 (0.550)"],
    ["volume", "0", "0", "4 (0.550)"],
    ["feature", "1 (0.700)", "2 (0.400)", "2 (0.700)"],
    ["all", "3 (0.267)", "3 (0.267)", "2 (0.700)"],
  ]);
});

Deno.test("filters of pseudo labels: earlier runs tell the first that objected alone, and had others", () => {
  const { columns, rows } = pseudoFilterTable({
    old: [{ kept: true, filter: "", dice: NaN }, { kept: false, filter: "outlier", dice: NaN }],
    none: [],
  });
  assertEquals(columns, ["arm", "filter", "dropped", "alone: drops", "alone: keeps"]);
  assertEquals(rows.map((row) => row.slice(0, 5)), [
    ["old", "confidence", "0", "–", "–"],
    ["old", "agreement", "0", "–", "–"],
    ["old", "volume", "0", "–", "–"],
    ["old", "feature", "0", "–", "–"],
    ["old", "outlier", "1", "–", "–"],
    ["old", "all", "1", "1", "1"],
  ]);
  assertEquals(pseudoFilterTable({}).notes, ["None of the arms has pseudo labels."]);
});

Deno.test("curves of arms are means over their models, without the scores of single organs", () => {
  const row = (model: string, own: number) => ({
    stage: "full_organ",
    model,
    step: 1,
    learningRate: 1,
    seconds: 1,
    terms: { own, "validation_dice/Liver": 0.5 },
  });
  const { data } = armCurves({ mutual: [row("A", 1), row("B", 3)], pooled: [row("all", 4)] });
  assertEquals(data.map(({ name, y }) => [name, y]), [["mutual", [2]], ["pooled", [4]]]);
});

Deno.test("worst cases: a dash where an arm has no value, or the case none of the arm", () => {
  const worst = { case: "a", dataset: "full", organ: "Liver", metric: "dice" } as const;
  const made = worstCaseTable([
    { ...worst, scores: { mutual: 0.12345, other: NaN } },
    { ...worst, case: "b", scores: { nnunet: 0.5 } },
  ]);
  assertEquals(made.columns, ["case", "organ", "mutual", "other", "nnunet"]);
  assertEquals(made.rows, [["a", "Liver", "0.123", "–", "–"], ["b", "Liver", "–", "–", "0.500"]]);
});

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { compareArms } from "../../lib/comparison/compare_arms.ts";
import { saveComparisons } from "../../lib/comparison/comparison_file.ts";
import { readCsv } from "../../lib/files/csv_file.ts";
import { fakeScores } from "../support/runs/finished_run.ts";
import { withFolder } from "../support/runs/with_folder.ts";

Deno.test("a comparison as CSV: a row an arm, organ and score, the reference without differences", () =>
  withFolder(async (folder) => {
    const arms = {
      mutual: fakeScores({ 'Liver, "left"': { a: 0.5, b: 0.7 } }),
      other: fakeScores({ 'Liver, "left"': { a: 0.75, b: 0 } }),
    };
    const path = join(folder, "tables", "a.csv");
    await saveComparisons(path, [compareArms(arms), compareArms(arms, { metric: "hd95" })]);
    const rows = await readCsv(path, ["score", "column", "statistic", "arm", "organ", "value", "p_holm"]);
    assertEquals(
      rows.map(({ cells: { score, statistic, arm, organ } }) => `${score} ${statistic} ${arm} ${organ}`),
      [
        ...["mutual", "other"].flatMap((
          arm,
        ) => [`Dice mean ${arm} Liver, "left"`, `Dice mean ${arm} (mean over organs)`]),
        ...["mutual", "other"].flatMap((
          arm,
        ) => [`HD95 median ${arm} Liver, "left"`, `HD95 median ${arm} (mean over organs)`]),
      ],
    );
    const cells = (row: number, ...columns: string[]) => columns.map((column) => rows[row]?.cells[column]);
    assertEquals(cells(0, "value", "difference", "reference"), ["0.6", "", ""]);
    assertEquals(cells(2, "value", "reference", "pairs", "missed", "p"), [
      "0.375",
      "mutual",
      "2",
      "1",
      "NaN",
    ]);
    assertEquals(cells(6, "value", "cases", "missed", "pairs"), ["Infinity", "2", "1", "2"]);
  }));

import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { parquetReadObjects } from "hyparquet";
import { exportResults } from "../../../lib/commands/export.ts";
import { readArms } from "../../../lib/comparison/arms.ts";
import { readCsv } from "../../../lib/files/csv_file.ts";
import { tidyScores } from "../../../lib/workbench/export/tidy_scores.ts";
import { withOutput } from "../../support/commands/with_output.ts";
import { fakeScores, writeFinishedRun } from "../../support/runs/finished_run.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

/** Two arms: one of two seeds, one that was scored by Dice alone. */
async function someRuns(results: string): Promise<void> {
  const rows = fakeScores({ liver: { one: 0.5, two: NaN } }).map((row) => ({ ...row, hd95: Infinity }));
  const parameters = { rampUp: 0.2, cohort: "toy", seed: 1 };
  await writeFinishedRun(results, { experiment: "mutual", slug: "seed_1", seed: 1, parameters, rows });
  await writeFinishedRun(results, {
    experiment: "mutual",
    slug: "seed_2",
    seed: 2,
    parameters: { ...parameters, seed: 2 },
    rows,
  });
  const dice = rows.map(({ case: id, dataset, organ, dice }) => ({ case: id, dataset, organ, dice }));
  await writeFinishedRun(results, { experiment: "elsewhere", parameters: { note: "x" }, rows: dice });
}

Deno.test("a row per case, organ, arm, seed and metric, with what the run was set to", () =>
  withFolder(async (results) => {
    await someRuns(results);
    const columns = tidyScores(await readArms("toy", { results }));
    const of = (name: string) => columns[name]!;
    assertEquals(of("arm").length, 2 * 2 * Object.keys(Object.groupBy(of("metric"), String)).length + 2);
    const first = of("arm").map((_, index) => index).filter((index) => of("metric")[index] === "dice");
    assertEquals(
      first.map((index) => [of("arm")[index], of("seed")[index], of("case")[index], of("value")[index]]),
      [
        ["mutual", 1, "one", 0.5],
        ["mutual", 1, "two", NaN],
        ["mutual", 2, "one", 0.5],
        ["mutual", 2, "two", NaN],
        ["elsewhere", undefined, "one", 0.5],
        ["elsewhere", undefined, "two", NaN],
      ],
    );
    assertEquals(of("run")[first[2]!], "toy/mutual/seed_2/v001");
    assertEquals(first.map((index) => of("parameter.rampUp")[index]), [
      0.2,
      0.2,
      0.2,
      0.2,
      undefined,
      undefined,
    ]);
    assertEquals(of("parameter.note").at(-1), "x");
    assertEquals(Object.keys(columns).filter((name) => /parameter\.(seed|cohort)/.test(name)), []);
  }));

Deno.test("CSV and Parquet hold the same, infinities and NaN too", () =>
  withFolder(async (results) => {
    await someRuns(results);
    const [csv, parquet] = [join(results, "scores.csv"), join(results, "scores.parquet")];
    for (const out of [csv, parquet]) {
      assertEquals((await withOutput(() => exportResults(["toy", "--out", out], { results }))).result, 0);
    }
    const text = await readCsv(csv, ["case", "metric", "value", "parameter.rampUp"]);
    const { buffer } = await Deno.readFile(parquet);
    const rows = await parquetReadObjects({ file: buffer });
    assertEquals(
      rows.map((row) => [row.case, row.metric, row.value, row["parameter.rampUp"]]),
      text.map(({ cells, number }) => [
        cells.case,
        cells.metric,
        number("value"),
        cells["parameter.rampUp"] === "" ? null : number("parameter.rampUp"),
      ]),
    );
    assertEquals(rows.some(({ value }) => value === Infinity), true);
    await assertRejects(
      () => exportResults(["toy", "--out", "scores.xlsx"], { results }),
      Error,
      ".csv or .parquet",
    );
    await assertRejects(() => exportResults(["tou", "--out", csv], { results }), Error, "did you mean toy?");
  }));

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readArms } from "../../lib/comparison/arms.ts";
import { tableToText } from "../../lib/plots/tables/table.ts";
import { reportSections } from "../../lib/workbench/report_sections.ts";
import { fakeScores, writeFinishedRun } from "../support/runs/finished_run.ts";
import { postprocessingToCsv } from "../../lib/runs/tables/postprocessing.ts";
import { withFolder } from "../support/runs/with_folder.ts";

Deno.test("the report says of each run which stages it took over, and from which run", () =>
  withFolder(async (results) => {
    const rows = fakeScores({ liver: { one: 0.8, two: 0.9 } });
    const stage = { name: "partial_organ", hash: "a", seconds: 30, passes: 600 };
    const from = "toy/mutual/default/v001";
    await writeFinishedRun(results, {
      experiment: "mutual",
      rows,
      stages: [
        { ...stage, reused: false, computedBy: from },
        { ...stage, name: "test", passes: 0, reused: false, computedBy: from },
        { ...stage, name: "distilled", passes: 200 / 3, reused: false, computedBy: from },
      ],
    });
    await writeFinishedRun(results, {
      experiment: "no_similarity",
      rows,
      stages: [
        { ...stage, reused: true, computedBy: from },
        { name: "pseudo_labels", hash: "a", seconds: 30, reused: true }, // as older records say it
        { ...stage, name: "full_organ", reused: false },
      ],
    });
    const sections = await reportSections(await readArms("toy", { results }), { folder: results });
    const runs = sections.find(({ title }) => title === "Runs")!.items[0]!.shown;
    if (!("rows" in runs)) throw new Error("the runs are a table");
    const text = tableToText(runs);
    const cells = text.split("\n").filter((line) => line.includes("v001")).map((line) =>
      line.split("│").map((cell) => cell.trim()).filter((cell) => /none|partial_organ/.test(cell))
    );
    const at = (name: string) => runs.columns.findIndex((column) => column === name);
    assertEquals(
      runs.rows.map((row) => row[at("passes")]),
      [667, undefined],
      "all stages' passes, or it is not known",
    );
    assertEquals(cells, [["none"], [`partial_organ (${from}), pseudo_labels (another run)`]]);
  }));

Deno.test("the report says what validation decided to take away, and how many runs decided", () =>
  withFolder(async (results) => {
    const rows = fakeScores({ liver: { one: 0.8, two: 0.9 } });
    await writeFinishedRun(results, { experiment: "no_similarity", rows });
    await writeFinishedRun(results, { experiment: "mutual", rows });
    const arms = await readArms("toy", { results });
    const { folder } = arms.find(({ name }) => name === "mutual")!.runs[0];
    await Deno.writeTextFile(
      join(folder, "postprocessing.csv"),
      postprocessingToCsv([
        { organ: "liver", largest: true, minimumMm3: 0, cases: 3, before: 0.8, after: 0.9 },
        { organ: "spleen", largest: false, minimumMm3: 0, cases: 3, before: 0.7, after: 0.7 },
        { organ: "vein", largest: true, minimumMm3: 12.3456, cases: 2, before: 0.5, after: 0.51 },
      ]),
    );
    const sections = await reportSections(arms, { folder: results });
    const { shown } = sections.find(({ title }) => title === "Postprocessing")!.items[0]!;
    if (!("rows" in shown)) throw new Error("decisions are a table");
    assertEquals(shown.rows.map((row) => row.slice(2)), [
      ["liver", "the largest component", "0.8000", "0.9000", 3],
      ["vein", "the largest component, if it has 12.3 mm³", "0.5000", "0.5100", 2],
    ]);
    assert(tableToText(shown).includes("1 of 2 runs decided on it"), tableToText(shown));
  }));

import { assertEquals } from "@std/assert";
import { readArms } from "../../lib/comparison/arms.ts";
import { tableToText } from "../../lib/plots/tables/table.ts";
import { reportSections } from "../../lib/workbench/report_sections.ts";
import { fakeScores, writeFinishedRun } from "../support/runs/finished_run.ts";
import { withFolder } from "../support/runs/with_folder.ts";

Deno.test("the report says of each run which stages it took over, and from which run", () =>
  withFolder(async (results) => {
    const rows = fakeScores({ liver: { one: 0.8, two: 0.9 } });
    const stage = { name: "partial_organ", hash: "a", seconds: 30 };
    const from = "toy/mutual/default/v001";
    await writeFinishedRun(results, {
      experiment: "mutual",
      rows,
      stages: [{ ...stage, reused: false, computedBy: from }],
    });
    await writeFinishedRun(results, {
      experiment: "no_similarity",
      rows,
      stages: [
        { ...stage, reused: true, computedBy: from },
        { ...stage, name: "pseudo_labels", reused: true }, // as older records say it
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
    assertEquals(cells, [["none"], [`partial_organ (${from}), pseudo_labels (another run)`]]);
  }));

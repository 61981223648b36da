import { assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join, relative } from "@std/path";
import { filesBelow } from "../../lib/files/folder_contents.ts";
import { report } from "../../lib/commands/report.ts";
import { runs } from "../../lib/commands/runs.ts";
import { readArms } from "../../lib/comparison/arms.ts";
import { unusedStages } from "../../lib/comparison/catalogue/prune.ts";
import { resultsFolder } from "../../lib/workbench/project.ts";
import { withOutput } from "../support/commands/with_output.ts";
import { withFolder } from "../support/runs/with_folder.ts";

const cohort = "phantom_overlap";

/** Committed runs, one with half a record and one with half a line of scores. */
async function damagedRuns(results: string): Promise<void> {
  for (const arm of ["ace", "oracle"]) {
    for await (const file of filesBelow(join(resultsFolder, cohort, arm))) {
      const to = join(results, relative(resultsFolder, file));
      await Deno.mkdir(dirname(to), { recursive: true });
      await Deno.copyFile(file, to);
    }
  }
  const record = join(results, cohort, "ace/default/v001/run.json");
  await Deno.writeTextFile(record, (await Deno.readTextFile(record)).slice(0, 300));
  const metrics = join(results, cohort, "oracle/seed_2/v001/metrics.csv");
  await Deno.writeTextFile(metrics, (await Deno.readTextFile(metrics)).trimEnd().slice(0, -30));
}

Deno.test("a run that cannot be read is named, and the others are listed, reported and pruned", () =>
  withFolder(async (results) => {
    await damagedRuns(results);
    const told: string[] = [];
    const arms = await readArms(cohort, { results, onUnreadable: ({ message }) => void told.push(message) });
    assertEquals(arms.map(({ name, runs }) => [name, runs.map(({ record }) => record.seed)]), [
      ["oracle", [1, 3]],
      ["ace", [2, 3]],
    ]);
    assertEquals(told.map((message) => message.replace(/.*\((.*)\)$/, "$1").slice(results.length + 1)), [
      `${cohort}/ace/default/v001/run.json`,
      `${cohort}/oracle/seed_2/v001/metrics.csv`,
    ]);
    const page = await withOutput(() => report([cohort], { results }));
    assertEquals(page.result, 0);
    for (const message of told) assertStringIncludes(page.text.replaceAll("\n", " "), message);
    const listed = await withOutput(() => runs([], { results }));
    assertEquals(listed.result, 1);
    assertStringIncludes(listed.text, "oracle");
    await Deno.mkdir(join(results, cohort, "stages/0123456789abcdef"), { recursive: true });
    const pruned = await withOutput(() => runs(["prune", "--yes"], { results }));
    assertStringIncludes(pruned.text, "all are kept");
    await Deno.remove(join(results, cohort, "ace/default"), { recursive: true });
    assertEquals((await unusedStages(results, cohort)).length, 1, "those of readable runs are known");
  }));

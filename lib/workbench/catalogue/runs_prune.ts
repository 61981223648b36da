/**
 * The command `runs prune`: removes runs that came to nothing, and stages that no run refers to, after asking.
 *
 * @module
 */
import { join } from "@std/path";
import { bytesText, folderBytes } from "../../files/folder_contents.ts";
import { table, tableToText } from "../../plots/tables/table.ts";
import type { CatalogueRun } from "../../comparison/catalogue/catalogue.ts";
import { isRemovable, removeRun, removeStages, unusedStages } from "../../comparison/catalogue/prune.ts";
import { foldersIn } from "../../files/folder_contents.ts";

export interface PruneOptions {
  results: string;
  /** Whose stages are looked at. @default all cohorts */
  cohort?: string | undefined;
  /** Asks whether to go on. */
  confirm: (question: string) => boolean;
}

/** Asks for the runs first, then for the stages that no run refers to any more. */
export async function prune(runs: readonly CatalogueRun[], options: PruneOptions): Promise<void> {
  await pruneRuns(runs.filter(({ state }) => isRemovable(state)), options);
  await pruneStages(options);
}

async function pruneRuns(runs: readonly CatalogueRun[], { confirm }: PruneOptions): Promise<void> {
  if (runs.length === 0) return console.log("No run failed, was stopped or killed.");
  const rows = await Promise.all(runs.map(async ({ name, state, folder }) => ({
    run: name,
    state,
    size: bytesText(await folderBytes(folder)),
  })));
  console.log(tableToText(table(rows)));
  if (!confirm(`Remove ${runs.length === 1 ? "this run" : `these ${runs.length} runs`} for good?`)) return;
  for (const { name, folder } of runs) {
    const removed = await removeRun(folder);
    console.log(removed ? `${name} is removed.` : `${name} was taken up again meanwhile and is kept.`);
  }
}

/** Asks for the stages that no run refers to. */
export async function pruneStages({ results, cohort, confirm }: PruneOptions): Promise<void> {
  for (const name of cohort === undefined ? await foldersIn(results) : [cohort]) {
    let stages: string[];
    try {
      stages = await unusedStages(results, name);
    } catch (error) {
      console.error(
        `Warning: ${(error as Error).message}; it may need any of its cohort's stages, all are kept`,
      );
      continue;
    }
    if (stages.length === 0) continue;
    const bytes = (await Promise.all(stages.map(folderBytes))).reduce((sum, size) => sum + size, 0);
    const what = stages.length === 1 ? "1 stage" : `${stages.length} stages`;
    console.log(`No run refers to ${what} of ${join(results, name, "stages")} (${bytesText(bytes)}).`);
    if (!confirm(`Remove ${what}?`)) continue;
    await removeStages(stages, { results, cohort: name });
    console.log(stages.length === 1 ? "It is removed." : "They are removed.");
  }
}

/**
 * The catalogue of runs: those of all cohorts with their states and scores, filtered.
 *
 * @module
 */
import { listRuns, type RunSummary } from "../../runs/folder/list_runs.ts";
import { foldersIn } from "../../files/folder_contents.ts";
import { meanDice } from "../mean_dice.ts";
import { readWholeRun } from "../../runs/folder/read_run.ts";
import type { ScoreRow } from "../../metrics/score_row.ts";
import { type RunState, stateOf } from "../../runs/folder/run_state.ts";
import { type CatalogueFilter, checkFilter, hasParameter, require } from "./check_filter.ts";

/** A run as the catalogue knows it. */
export interface CatalogueRun extends RunSummary {
  state: RunState;
  /** Mean Dice of this run alone, 0…1; NaN for runs that are not finished. */
  dice: number;
  /** None of runs that are not finished. */
  scores: readonly ScoreRow[];
}

export interface CatalogueOptions extends CatalogueFilter {
  /** Called with the error of a record or of scores that cannot be read; the run is left out. */
  onUnreadable: (error: Error) => void;
}

/**
 * Runs by cohort, experiment, slug and version.
 *
 * @throws {Error} No run has the cohort, the experiment, or the name or value of a parameter.
 */
export async function readCatalogue(results: string, options: CatalogueOptions): Promise<CatalogueRun[]> {
  const { onUnreadable, ...filter } = options;
  const listed: RunSummary[] = [];
  for (const cohort of filter.cohort === undefined ? await foldersIn(results) : [filter.cohort]) {
    listed.push(...await listRuns(cohort, { results, status: "all", onUnreadable }));
  }
  if (filter.cohort !== undefined) {
    require(listed, "a cohort", { name: filter.cohort, known: await cohortsWithRuns(results) });
  }
  checkFilter(listed, filter);
  const runs: CatalogueRun[] = [];
  for (const run of listed) {
    const state = await stateOf(run);
    if (!matches(run, state, filter)) continue;
    try {
      const scores = state === "finished" ? await readWholeRun(run) : [];
      runs.push({ ...run, state, scores, dice: meanDice(scores) });
    } catch (error) {
      onUnreadable(error as Error);
    }
  }
  return runs;
}

async function cohortsWithRuns(results: string): Promise<string[]> {
  const names = await foldersIn(results);
  const runs = await Promise.all(
    names.map((cohort) => listRuns(cohort, { results, status: "all", onUnreadable: () => {} })),
  );
  return names.filter((_, index) => runs[index]!.length > 0);
}

function matches(run: RunSummary, state: RunState, filter: CatalogueFilter): boolean {
  return (filter.experiment === undefined || run.record.experiment === filter.experiment) &&
    (filter.state === undefined || state === filter.state) &&
    Object.entries(filter.parameters ?? {}).every(([name, text]) => hasParameter(run, name, text));
}

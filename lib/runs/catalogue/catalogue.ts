/**
 * The catalogue of runs: those of all cohorts with their states and scores, filtered.
 *
 * @module
 */
import { foldersIn, listRuns, type RunSummary } from "../list_runs.ts";
import { meanDice } from "../mean_dice.ts";
import { readMetrics } from "../read_run.ts";
import { type RunState, stateOf } from "../run_state.ts";

/** A run as the catalogue knows it. */
export interface CatalogueRun extends RunSummary {
  state: RunState;
  /** 0…1; NaN for runs that are not finished. */
  dice: number;
}

/** What is wanted; everything that is not said is. */
export interface CatalogueFilter {
  cohort?: string;
  experiment?: string;
  state?: RunState;
  /** Parameters' values, as texts. */
  parameters?: Readonly<Record<string, string>>;
}

export interface CatalogueOptions extends CatalogueFilter {
  /** Called with the error of a record that cannot be read; the run is left out. */
  onUnreadable: (error: Error) => void;
}

/** Runs by cohort, experiment, slug and version. */
export async function readCatalogue(results: string, options: CatalogueOptions): Promise<CatalogueRun[]> {
  const { onUnreadable, ...filter } = options;
  const runs: CatalogueRun[] = [];
  for (const cohort of filter.cohort === undefined ? await foldersIn(results) : [filter.cohort]) {
    for (const run of await listRuns(cohort, { results, status: "all", onUnreadable })) {
      const state = await stateOf(run);
      if (matches(run, state, filter)) {
        runs.push({ ...run, state, dice: await diceOf(run, { state, onUnreadable }) });
      }
    }
  }
  return runs;
}

async function diceOf(
  run: RunSummary,
  { state, onUnreadable }: { state: RunState; onUnreadable: CatalogueOptions["onUnreadable"] },
): Promise<number> {
  if (state !== "finished") return NaN;
  try {
    return meanDice(await readMetrics(run));
  } catch (error) {
    onUnreadable(error as Error);
    return NaN;
  }
}

function matches({ record }: RunSummary, state: RunState, filter: CatalogueFilter): boolean {
  return (filter.experiment === undefined || record.experiment === filter.experiment) &&
    (filter.state === undefined || state === filter.state) &&
    Object.entries(filter.parameters ?? {}).every(([name, text]) => same(record.parameters[name], text));
}

/** `0.10` is the number 0.1. */
function same(value: string | number | boolean | undefined, text: string): boolean {
  return typeof value === "number" ? text.trim() !== "" && Number(text) === value : String(value) === text;
}

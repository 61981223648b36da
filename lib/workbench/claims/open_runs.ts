/**
 * The runs that cards still want, told before the first one begins.
 *
 * @module
 */
import { armCalled } from "../../comparison/arm_names.ts";
import { type Table, table } from "../../plots/tables/table.ts";
import { secondsOf } from "../../runs/folder/attempts.ts";
import { listRuns } from "../../runs/folder/list_runs.ts";
import type { Parameters } from "../../runs/notebooks/parameters.ts";
import { ranges } from "../../text/ranges.ts";
import { resultsName } from "../cohort_paths.ts";
import { recordedCohort } from "../project.ts";

/** A run of a card, as far as it is told. */
export interface OpenRun {
  experiment: string;
  parameters: Parameters;
}

/** A row an arm, with the minutes that finished runs of its experiment took on its cohort. */
export async function openRunsTable(
  open: readonly OpenRun[],
  { results }: { results: string },
): Promise<Table> {
  const arms = Map.groupBy(
    open,
    ({ experiment, parameters: { seed: _, ...others } }) => JSON.stringify([experiment, others]),
  );
  const rows = await Promise.all([...arms.values()].map(async (own) => {
    const { experiment, parameters } = own[0]!;
    const cohort = await resultsName(recordedCohort(String(parameters.cohort)), results);
    const arm = await armCalled(experiment, parameters);
    const like = (await listRuns(cohort, { results, onUnreadable: () => {} })).filter(({ record }) =>
      record.experiment === experiment
    );
    const names = await Promise.all(like.map(({ record }) => armCalled(experiment, record.parameters)));
    const same = like.filter((_, index) => names[index] === arm);
    const minutes = (same.length > 0 ? same : like).map(({ record }) => secondsOf(record) / 60);
    const mean = minutes.reduce((sum, value) => sum + value, 0) / minutes.length;
    return {
      cohort,
      arm,
      seeds: ranges(own.map(({ parameters: { seed } }) => Number(seed))),
      "minutes each": Number.isNaN(mean) ? null : mean.toFixed(1),
    };
  }));
  return table(rows, {
    caption: `${open.length} ${open.length === 1 ? "run is" : "runs are"} to be made`,
    notes: [
      "Minutes: of finished runs of the arm on the cohort, else of its experiment there, on whichever machine; – where there is none.",
    ],
  });
}

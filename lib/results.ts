/**
 * `consilium/results`: what notebooks read of results/. It never loads TensorFlow.
 *
 * @module
 */
import { resultsFolder } from "./commands/project.ts";
import { type ListOptions, listRuns as listRunsIn, type RunSummary } from "./runs/list_runs.ts";

export type { RunSummary } from "./runs/list_runs.ts";
export { readHistory, readMetrics, readPseudoLabels } from "./runs/read_run.ts";
export type { HistoryRow } from "./stages/recorder.ts";
export type { PseudoLabelRow } from "./runs/pseudo_labels.ts";
export type { RunRecord, RunStatus } from "./runs/run_record.ts";
export type { ScoreRow } from "./runs/scores.ts";

/** The runs of a cohort by experiment, slug and version; those of the project's results unless another folder is named. */
export function listRuns(cohort: string, options: ListOptions = {}): Promise<RunSummary[]> {
  return listRunsIn(cohort, { results: resultsFolder, ...options });
}

/**
 * `consilium/results`: what notebooks read of results/. It never loads TensorFlow.
 *
 * @module
 */
import { caseVolumes } from "./commands/case_volumes.ts";
import { resultsFolder } from "./commands/project.ts";
import { type VolumeView, volumeView, type VolumeViewOptions } from "./plots/volumes/volume_view.ts";
import { type ListOptions, listRuns as listRunsIn, type RunSummary } from "./runs/list_runs.ts";

export type { VolumeView, VolumeViewOptions } from "./plots/volumes/volume_view.ts";
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

/**
 * A test case of a run in three planes and in 3D: scan, truth, prediction. A cell that ends in it shows it. A notebook
 * saved with it holds the scan.
 *
 * @throws Error when the case is none of the run's, or its scan or its prediction is missing
 */
export async function viewCase(
  run: RunSummary,
  caseId: string,
  options: VolumeViewOptions = {},
): Promise<VolumeView> {
  return await volumeView(await caseVolumes(caseId, run), options);
}

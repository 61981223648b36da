/**
 * `consilium/results`: what notebooks read of results/. It never loads TensorFlow.
 *
 * @module
 */
import { join } from "@std/path";
import { caseVolumes } from "./commands/case_volumes.ts";
import { resultsFolder } from "./commands/project.ts";
import { type VolumeView, volumeView, type VolumeViewOptions } from "./plots/volumes/volume_view.ts";
import { type Arm, readArms as readArmsOf, type ReadArmsOptions } from "./runs/arms.ts";
import { type ListOptions, listRuns as listRunsIn, type RunSummary } from "./runs/list_runs.ts";

export {
  type ArmScore,
  compareArms,
  type ComparedArm,
  type Comparison,
  type Difference,
} from "./metrics/compare_arms.ts";
export { type Arm, armWarnings, chooseArms, scoresByArm, type SeedScoreRow } from "./runs/arms.ts";
export { caseSlices } from "./commands/case_slices.ts";
export { type WorstCase, worstCases } from "./metrics/worst_cases.ts";
export { saveComparisons } from "./runs/comparison_file.ts";
export type { VolumeView, VolumeViewOptions } from "./plots/volumes/volume_view.ts";
export type { RunSummary } from "./runs/list_runs.ts";
export { readHistory, readMetrics, readPseudoLabels } from "./runs/read_run.ts";
export type { HistoryRow } from "./stages/recorder.ts";
export type { PseudoLabelRow } from "./runs/pseudo_labels.ts";
export type { RunRecord, RunStatus } from "./runs/run_record.ts";
export type { ScoreRow } from "./runs/scores.ts";

/** `results/<cohort>/<name>`: where what is made of a cohort's runs belongs, such as tables. */
export function cohortFolder(cohort: string, name: string): string {
  return join(resultsFolder, cohort, name);
}

/** The runs of a cohort by experiment, slug and version; those of the project's results unless another folder is named. */
export function listRuns(cohort: string, options: ListOptions = {}): Promise<RunSummary[]> {
  return listRunsIn(cohort, { results: resultsFolder, ...options });
}

/**
 * The finished runs of a cohort by arm (runs that differ in nothing but their seed), with their scores; the project's
 * own experiments first.
 *
 * @throws {Error} There is none.
 */
export function readArms(cohort: string, options: ReadArmsOptions = {}): Promise<Arm[]> {
  return readArmsOf(cohort, { results: resultsFolder, ...options });
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

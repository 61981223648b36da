/**
 * `consilium/results`: what notebooks read of results/. It never loads TensorFlow.
 *
 * @module
 */
import { join } from "@std/path";
import { caseVolumes } from "../workbench/case_volumes.ts";
import { resultsFolder } from "../workbench/project.ts";
import { type VolumeView, volumeView, type VolumeViewOptions } from "../plots/volumes/volume_view.ts";
import { readClaims as readClaimCards } from "../workbench/claims/claim_cards.ts";
import { judgeCards } from "../workbench/claims/judged_cards.ts";
import { findArms, type FindArmsOptions, readFinishedArms, requireCohort } from "../workbench/find_arms.ts";
import type { Arm } from "../comparison/arms.ts";
import type { AxisStudy } from "../comparison/axes/axis_effect.ts";
import type { JudgedCard } from "../comparison/claims/judged_card.ts";
import { scoreAxes as scoreAxesIn, type ScoredAxes } from "../comparison/axes/score_axes.ts";
import type { ChosenArms } from "../comparison/choose_arms.ts";
import { type ListOptions, listRuns as listRunsIn, type RunSummary } from "../runs/folder/list_runs.ts";

export { compareArms, compareByAll } from "../comparison/compare_arms.ts";
export {
  type ArmScore,
  type ComparedArm,
  type Comparison,
  type Difference,
} from "../comparison/comparison.ts";
export { type Arm, armWarnings, scoresByArm } from "../comparison/arms.ts";
export { type ChosenArms, describeUnfinished, type UnfinishedArm } from "../comparison/choose_arms.ts";
export type { ClaimCard, JudgedCard } from "../comparison/claims/judged_card.ts";
export type { Metric } from "../metrics/metric.ts";
export { metricsNamed } from "../metrics/metric_names.ts";
export { metricsOf, type ScoreRow } from "../metrics/score_row.ts";
export { caseSlices } from "../workbench/case_slices.ts";
export { type WorstCase, worstCases } from "../comparison/worst_cases.ts";
export { saveComparisons } from "../comparison/comparison_file.ts";
export type { Axis, AxisEffect, AxisStudy } from "../comparison/axes/axis_effect.ts";
export { readAxisEffects, saveAxisEffects } from "../comparison/axes/axis_effects_file.ts";
export type { VolumeView, VolumeViewOptions } from "../plots/volumes/volume_view.ts";
export type { RunSummary } from "../runs/folder/list_runs.ts";
export { readHistory, readMetrics, readPostprocessing, readPseudoLabels } from "../runs/folder/read_run.ts";
export type { HistoryRow } from "../training/recorder.ts";
export type { PostprocessingRow } from "../runs/tables/postprocessing.ts";
export type { PseudoLabelRow } from "../runs/tables/pseudo_labels.ts";
export type { RunRecord, RunStatus } from "../runs/folder/run_record.ts";

/**
 * `results/<cohort>/<name>`: where what is made of a cohort's runs belongs, such as tables.
 *
 * @example
 * ```ts
 * import { cohortFolder } from "consilium/results";
 *
 * const folder = cohortFolder("hippocampus", "tables"); // …/results/hippocampus/tables
 * ```
 */
export function cohortFolder(cohort: string, name: string): string {
  return join(resultsFolder, cohort, name);
}

/**
 * The runs of a cohort by experiment, slug and version; those of the project's results unless another folder is named.
 *
 * @throws {Error} There is no such cohort.
 *
 * @example
 * ```ts
 * import { listRuns } from "consilium/results";
 * import { table } from "consilium/plots";
 *
 * const runs = await listRuns("hippocampus");
 * table(runs.map(({ name, record }) => ({ run: name, seed: record.seed, status: record.status })));
 * ```
 */
export async function listRuns(cohort: string, options: ListOptions = {}): Promise<RunSummary[]> {
  const found = await listRunsIn(cohort, { results: resultsFolder, ...options });
  if (found.length === 0) await requireCohort(cohort, options.results ?? resultsFolder);
  return found;
}

/**
 * The finished runs of a cohort by arm (runs that differ in nothing but their seed), with their scores; the project's
 * own experiments first.
 *
 * @throws {Error} There is none.
 *
 * @example
 * ```ts
 * import { readArms } from "consilium/results";
 *
 * const arms = await readArms("hippocampus");
 * for (const { name, runs } of arms) console.log(name, runs.map(({ record }) => record.seed));
 * ```
 */
export function readArms(cohort: string, { results = resultsFolder } = {}): Promise<Arm[]> {
  return readFinishedArms(cohort, { results });
}

/**
 * Finished arms of a cohort by their names, separated by commas, in that order. `all` is every arm; `others` is every one
 * that is not named and that changes no parameter, such as predictions made elsewhere.
 *
 * @throws {Error} The cohort has no finished run, a name is that of no arm and no experiment, or none of them is finished.
 *
 * @example
 * ```ts
 * import { chooseArms, scoresByArm } from "consilium/results";
 * import { organTable } from "consilium/plots";
 *
 * const { arms } = await chooseArms("hippocampus", "mutual, independent");
 * organTable(scoresByArm(arms), { metrics: ["dice"] });
 * ```
 */
export function chooseArms(
  cohort: string,
  names: string,
  options: Partial<FindArmsOptions> = {},
): Promise<ChosenArms> {
  return findArms(cohort, names, { results: resultsFolder, ...options });
}

/**
 * What the parts of a method bring at each level of axes of cohorts: what its arm has more when a part is off, of the same
 * seeds everywhere.
 *
 * @throws {Error} A seed of an arm of a cohort has no finished run, which are named, or arms of a cohort were scored on different scans.
 *
 * @example
 * ```ts
 * import { scoreAxes } from "consilium/results";
 * import { axisTable } from "consilium/plots";
 *
 * const { effects } = await scoreAxes({
 *   axes: [{ name: "training scans", levels: [["60", "hippocampus"]] }],
 *   reference: "mutual",
 *   without: { similarity: "no_similarity" },
 *   seeds: [1, 2, 3],
 * });
 * axisTable(effects);
 * ```
 */
export function scoreAxes(study: AxisStudy, { results = resultsFolder } = {}): Promise<ScoredAxes> {
  return scoreAxesIn(study, { results });
}

/**
 * Claim cards with what finished runs say of them.
 *
 * @param names of experiments/claims, or paths of JSON files. @default all of the project's
 * @throws {Error} A card is wrong, or names an organ or a test set that its cohort does not have.
 *
 * @example
 * ```ts
 * import { readClaims } from "consilium/results";
 *
 * for (const { claim, judged } of await readClaims()) console.log(claim.claim, judged?.verdict ?? "not run");
 * ```
 */
export async function readClaims(
  names: readonly string[] = [],
  { results = resultsFolder } = {},
): Promise<JudgedCard[]> {
  return await judgeCards(await readClaimCards(names), { results });
}

/**
 * A test case of a run in three planes and in 3D: scan, truth, prediction. A cell that ends in it shows it. A notebook
 * saved with it holds the scan.
 *
 * @throws Error when the case is none of the run's, or its scan or its prediction is missing
 *
 * @example
 * ```ts
 * import { listRuns, viewCase } from "consilium/results";
 *
 * const [run] = await listRuns("phantom");
 * await viewCase(run!, "test_01");
 * ```
 */
export async function viewCase(
  run: RunSummary,
  caseId: string,
  options: VolumeViewOptions = {},
): Promise<VolumeView> {
  return await volumeView(await caseVolumes(caseId, run), options);
}

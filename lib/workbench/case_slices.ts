/**
 * Test cases with truth and the predictions of several arms, for the figure of slices.
 *
 * @module
 */
import { join } from "@std/path";
import { laidOn } from "../data/datasets/same_grid.ts";
import type { StudyCase } from "../data/cohorts/study.ts";
import { resolveStudy } from "../data/cohorts/resolve_study.ts";
import { leavesOf } from "../data/groups.ts";
import { exists } from "../files/whole_folder.ts";
import { loadScan } from "../imaging/load_scan.ts";
import { toRas } from "../imaging/orientation.ts";
import { spacingOf } from "../imaging/volume.ts";
import type { SliceRow } from "../plots/scans/slice_overlays.ts";
import type { Arm } from "../comparison/arms.ts";
import type { RunSummary } from "../runs/folder/list_runs.ts";
import { unknownName } from "../text/unknown_name.ts";
import { isCaseOf } from "./hashes/case_hash.ts";
import { findCohort, isCohort, rootOfData } from "./cohort_paths.ts";
import { readPrediction } from "./prediction/prediction_files.ts";
import { organNumbers } from "./prediction/prediction_labels.ts";
import { recordedCohort } from "./project.ts";
import { withPseudonyms } from "./pseudonyms.ts";

export interface CaseSlicesOptions {
  /** Which test cases; a case is taken once. */
  cases: readonly { case: string; dataset?: string }[];
  /** @default 3 */
  most?: number;
}

export interface CaseSlices {
  rows: SliceRow[];
  /** The study's vocabulary. */
  organs: string[];
  /** Why there are no rows; empty when there are some. */
  reason: string;
}

/**
 * Reads scans, truth and predictions of test cases on the scans' own grids, in RAS+, where they are at hand: predictions
 * are not kept in git, and scans never are. Nothing is made or fetched. A prediction is left out where the scan or its truth is not the
 * one that its run was scored on.
 *
 * @throws {Error} None of the arms was scored on one of the cases.
 *
 * @example
 * ```ts
 * import { caseSlices, readArms, scoresByArm, worstCases } from "consilium/results";
 * import { show, sliceOverlays } from "consilium/plots";
 *
 * const arms = await readArms("phantom");
 * const cases = worstCases(scoresByArm(arms));
 * const { rows, organs, reason } = await caseSlices("phantom", arms, { cases, most: 2 });
 * if (rows.length > 0) await show(sliceOverlays(rows, { organs }));
 * else console.log(reason);
 * ```
 */
export async function caseSlices(
  cohortName: string,
  arms: readonly Arm[],
  { cases, most = 3 }: CaseSlicesOptions,
): Promise<CaseSlices> {
  const ids = [...new Set(cases.map((one) => one.case))];
  const scored = [...new Set(arms.flatMap(({ rows }) => rows.map((row) => row.case)))];
  const wrong = ids.find((id) => !scored.includes(id));
  if (wrong !== undefined) throw new Error(`Cannot read slices: the case ${unknownName(wrong, scored)}`);
  const predicted = await Promise.all(ids.map(async (id) => ({ id, paths: await predictionsOf(id, arms) })));
  const there = predicted.filter(({ paths }) => paths.length > 0).slice(0, most);
  if (there.length === 0) {
    const reason = `None of these runs has predictions of ${
      ids.slice(0, most).join(", ")
    }: git does not keep them.`;
    return { rows: [], organs: [], reason };
  }
  try {
    const { cohort } = await findCohort(await fileOf(cohortName, arms));
    const dataRoot = await rootOfData(cohort, { generate: false });
    const folds = new Map(
      arms.flatMap(({ runs }) => runs).map(({ record: { fold } }) => [JSON.stringify(fold), fold]),
    );
    const studies = await withPseudonyms(
      cohort,
      (names) =>
        Promise.all([...folds.values()].map((fold) => resolveStudy(cohort, { dataRoot, fold, ...names }))),
    );
    const tested = studies.flatMap(({ test }) => test);
    const { values } = organNumbers(cohort);
    const changed: string[] = [];
    const found = await Promise.all(there.map(async ({ id, paths }) => {
      const test = tested.find((one) => one.id === id);
      if (!test) return [];
      const still = await Promise.all(paths.map(async (one) => {
        const same = await isCaseOf(one.run.record, { test, study: studies[0]! }) !== false;
        if (!same) changed.push(`${id} of ${one.arm}`);
        return same;
      }));
      const own = paths.filter((_, index) => still[index]);
      return own.length > 0
        ? [await sliceRow(test, { values, paths: own, publish: cohort.publishScans })]
        : [];
    }));
    const rows = found.flat();
    const reason = rows.length > 0
      ? ""
      : changed.length > 0
      ? `The cohort's data changed since the runs: scan or truth was another one (${changed.join(", ")}).`
      : `The cohort ${cohortName} has no test cases called ${ids.join(", ")}.`;
    return { rows, organs: cohort.organs.map(({ name }) => name), reason };
  } catch (error) {
    return { rows: [], organs: [], reason: `The scans are not at hand: ${(error as Error).message}` };
  }
}

/** Of each arm the first run that has a prediction of the case. */
async function predictionsOf(id: string, arms: readonly Arm[]): Promise<FoundPrediction[]> {
  const found = await Promise.all(arms.map(async ({ name: arm, runs }): Promise<FoundPrediction[]> => {
    for (const run of runs) {
      const path = join(run.folder, "predictions", `${id}.nii.gz`);
      if (await exists(path)) return [{ arm, path, run }];
    }
    return [];
  }));
  return found.flat();
}

interface FoundPrediction {
  arm: string;
  path: string;
  run: RunSummary;
}

/** The cohort as one of the runs was told it, whose file need not be called as the cohort is; else by its name. */
async function fileOf(cohortName: string, arms: readonly Arm[]): Promise<string> {
  for (const { record } of arms.flatMap(({ runs }) => runs)) {
    const told = recordedCohort(String(record.parameters.cohort ?? cohortName));
    if (await isCohort(told)) return told;
  }
  return cohortName;
}

interface SliceRowOptions {
  values: Record<number, number>;
  paths: readonly FoundPrediction[];
  /** The licence allows it. */
  publish: boolean;
}

async function sliceRow(test: StudyCase, { values, paths, publish }: SliceRowOptions): Promise<SliceRow> {
  const file = await loadScan(test.image), scan = toRas(file);
  const read = async (path: string, own: Record<number, number>, labelSet = test.labelSet) => {
    const labels = await readPrediction(path, { values: own, labelSet });
    return toRas(laidOn(file, { ...labels, path }, { name: "what is drawn over a scan" })).data;
  };
  const leaves = leavesOf(test.labelSet, test.groups);
  return {
    title: test.id,
    image: Float32Array.from(scan.data),
    publish,
    shape: scan.shape,
    spacing: spacingOf(scan.affine),
    maps: [
      { title: "truth", labels: await read(test.label, test.values) },
      ...await Promise.all(
        paths.map(async ({ arm, path }) => ({ title: arm, labels: await read(path, values, leaves) })),
      ),
    ],
  };
}

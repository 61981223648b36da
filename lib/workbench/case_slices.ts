/**
 * Test cases with truth and the predictions of several arms, for the figure of slices.
 *
 * @module
 */
import { join } from "@std/path";
import type { StudyCase } from "../data/cohorts/study.ts";
import { resolveStudy } from "../data/cohorts/resolve_study.ts";
import { leavesOf } from "../data/groups.ts";
import { exists } from "../files/whole_folder.ts";
import { loadScan } from "../imaging/load_scan.ts";
import { toRas } from "../imaging/orientation.ts";
import { spacingOf } from "../imaging/volume.ts";
import type { SliceRow } from "../plots/scans/slice_overlays.ts";
import type { Arm } from "../comparison/arms.ts";
import { unknownName } from "../text/unknown_name.ts";
import { findCohort, rootOfData } from "./cohort_paths.ts";
import { readPrediction } from "./prediction/prediction_files.ts";
import { organNumbers } from "./prediction/prediction_labels.ts";

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
 * are not kept in git, and scans never are. Nothing is made or fetched.
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
    const { cohort } = await findCohort(cohortName);
    const dataRoot = await rootOfData(cohort, { generate: false });
    const folds = new Map(
      arms.flatMap(({ runs }) => runs).map(({ record: { fold } }) => [JSON.stringify(fold), fold]),
    );
    const studies = await Promise.all(
      [...folds.values()].map((fold) => resolveStudy(cohort, { dataRoot, fold })),
    );
    const tested = studies.flatMap(({ test }) => test);
    const { values } = organNumbers(cohort);
    const rows = await Promise.all(there.flatMap(({ id, paths }) => {
      const test = tested.find((one) => one.id === id);
      return test ? [sliceRow(test, { values, paths, publish: cohort.publishScans })] : [];
    }));
    const reason = rows.length > 0
      ? ""
      : `The cohort ${cohortName} has no test cases called ${ids.join(", ")}.`;
    return { rows, organs: cohort.organs.map(({ name }) => name), reason };
  } catch (error) {
    return { rows: [], organs: [], reason: `The scans are not at hand: ${(error as Error).message}` };
  }
}

/** Of each arm the first run that has a prediction of the case. */
async function predictionsOf(id: string, arms: readonly Arm[]): Promise<[arm: string, path: string][]> {
  const found = await Promise.all(arms.map(async ({ name, runs }): Promise<[string, string][]> => {
    for (const { folder } of runs) {
      const path = join(folder, "predictions", `${id}.nii.gz`);
      if (await exists(path)) return [[name, path]];
    }
    return [];
  }));
  return found.flat();
}

interface SliceRowOptions {
  values: Record<number, number>;
  paths: readonly [arm: string, path: string][];
  /** The licence allows it. */
  publish: boolean;
}

async function sliceRow(test: StudyCase, { values, paths, publish }: SliceRowOptions): Promise<SliceRow> {
  const scan = toRas(await loadScan(test.image));
  const read = async (path: string, own: Record<number, number>, labelSet = test.labelSet) =>
    toRas(await readPrediction(path, { values: own, labelSet })).data;
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
        paths.map(async ([arm, path]) => ({ title: arm, labels: await read(path, values, leaves) })),
      ),
    ],
  };
}

/**
 * Scan, truth and prediction of a run's test case.
 *
 * @module
 */
import { join } from "@std/path";
import { laidOn } from "../data/datasets/same_grid.ts";
import { InvalidFileError } from "../data/json_file.ts";
import { leavesOf } from "../data/groups.ts";
import { loadMasked } from "../data/load_masked.ts";
import { maskLabels } from "../data/mask_labels.ts";
import type { Study, StudyCase } from "../data/cohorts/study.ts";
import { exists } from "../files/whole_folder.ts";
import { loadLabelMap } from "../data/datasets/label_map.ts";
import { loadScan, type Scan } from "../imaging/load_scan.ts";
import { contrast } from "../plots/scans/contrast.ts";
import type { CaseVolumes } from "../plots/volumes/volume_page.ts";
import { nearestRun } from "../runs/folder/nearest_run.ts";
import { readMetrics } from "../runs/folder/read_run.ts";
import { readRunRecord, type RunRecord } from "../runs/folder/run_record.ts";
import { shellWord, typed } from "../setup/typed.ts";
import { unknownName } from "../text/unknown_name.ts";
import { isCaseOf } from "./hashes/case_hash.ts";
import { findStudy } from "./load_study.ts";
import { findPredictions } from "./prediction/prediction_files.ts";
import { recordedCohort, resultsFolder } from "./project.ts";
import { missingRun, remedy } from "./run_remedy.ts";

export interface LocatedRun {
  folder: string;
  record: RunRecord;
}

/**
 * Finds a run by its folder, or by its place in the results (`phantom/mutual/default/v001`).
 *
 * @throws Error when there is none
 */
export async function locateRun(run: string, { results = resultsFolder } = {}): Promise<LocatedRun> {
  const folders = [run, join(results, run)].map((folder) => folder.replace(/\/+$/, ""));
  for (const folder of folders) {
    const record = await readRunRecord(folder);
    if (record) return { folder, record };
  }
  const why = `${await missingRun(...folders)}${await nearestRun(run, results)}`;
  throw new Error(`Cannot view: there is no run in the folder, ${why} (${run})`);
}

/** @throws Error with the cases there are, when it is none of them */
export function requireCase(id: string | undefined, { record }: LocatedRun): asserts id is string {
  const cases = record.cases.test ?? [];
  if (id !== undefined && cases.includes(id)) return;
  throw new Error(
    id
      ? `Cannot view: the case ${unknownName(id, cases)}`
      : `Cannot view: the case must be one of ${cases.join(", ")}; none is given`,
  );
}

/**
 * Loads what a page shows of a case: the scan as its file has it, the truth (where its file is there) masked to the
 * organs annotated in the case, the run's prediction and its Dice.
 *
 * @throws Error when the case is none of the run's, its files are missing or not those that the run was scored on, or the prediction is
 * not on the scan's grid
 */
export async function caseVolumes(id: string, run: LocatedRun): Promise<CaseVolumes> {
  requireCase(id, run);
  const { cohort, experiment, slug, version, parameters } = run.record;
  const study = await findStudy(recordedCohort(String(parameters.cohort ?? cohort)));
  const test = study.test.find((test) => test.id === id);
  if (!test) throw new Error(`Cannot view ${id}: it is no test case of cohort ${study.name} any more`);
  const same = await isCaseOf(run.record, { test, study });
  if (same === false) throw new Error(`Cannot view ${id}: ${changed} (${run.folder})`);
  const prediction = await findPrediction(test, run);
  const scan = await loadScan(test.image);
  const read = await loadLabelMap(prediction);
  const predicted = naming(
    `${id}: ${same ? "" : `perhaps ${changed}: `}`,
    () => laidOn(scan, read, { name: "the prediction" }),
  );
  const everything = study.organs.map(({ number }) => number);
  const values = Object.fromEntries(everything.map((number) => [number, number]));
  const scores = (await readMetrics(run)).filter((row) => row.case === id);
  return {
    title: id,
    subtitle: `${cohort}/${experiment}/${slug}/v${String(version).padStart(3, "0")}${
      same ? "" : "; the scan was not compared with the run's"
    }`,
    organs: study.organs.map(({ name, number }) => {
      const score = scores.find(({ organ }) => organ === name);
      return {
        name,
        annotated: leavesOf(test.labelSet, test.groups).includes(number),
        ...score ? { dice: score.dice } : {},
      };
    }),
    scan,
    publish: study.publishScans,
    window: windowOf(scan, study),
    truth: await readTruth(test, scan),
    prediction: maskLabels(predicted.data, { values, labelSet: everything }),
  };
}

const changed = "the cohort's data changed since the run, whose scan or truth was another one";

/** @throws Error that says what cannot be viewed, and why */
function naming<T>(what: string, check: () => T): T {
  try {
    return check();
  } catch (cause) {
    throw new Error(`Cannot view ${what}${(cause as Error).message}`, { cause });
  }
}

async function findPrediction(test: StudyCase, { folder, record }: LocatedRun): Promise<string> {
  const predictions = join(folder, "predictions");
  try {
    return (await findPredictions(predictions, [test])).get(test.id)!;
  } catch (error) {
    if (!(error instanceof InvalidFileError)) throw error;
    const advice = await exists(join(folder, "weights", "models.json"))
      ? `to make it, type: ${
        typed(
          `predict --run ${shellWord(folder)} ${shellWord(test.image)} --out ${shellWord(predictions)}`,
        )
      }`
      : await remedy(record);
    throw new Error(`Cannot view ${test.id}: the run has no prediction of it; ${advice} (${predictions})`, {
      cause: error,
    });
  }
}

async function readTruth(test: StudyCase, scan: Scan): Promise<Uint8Array | undefined> {
  if (!await exists(test.label)) return undefined;
  // Organs alone: the page has no colour for groups of them, nor for what is not annotated.
  const { groups = {}, ignored: _, ...one } = test;
  const labelSet = test.labelSet.filter((label) => !(label in groups));
  const truth = await loadMasked({ ...one, labelSet });
  return naming(`${test.id}: `, () => laidOn(scan, truth).data);
}

/** CT as the networks see it, other scans by their own range. */
function windowOf(
  { data }: Scan,
  { preprocessing: { intensity } }: Study,
): readonly [black: number, white: number] {
  return intensity.scheme === "ct" ? intensity.clipHu : contrast(Float32Array.from(data));
}

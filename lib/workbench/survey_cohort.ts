/**
 * What a cohort's scans are like, for its figures and tables. Hidden labels stay hidden here too.
 *
 * @module
 */
import type { DatasetReport } from "../data/datasets/check_dataset.ts";
import { namesOfLabels, type Study, type StudyCase, type StudyScan } from "../data/cohorts/study.ts";
import { loadMasked } from "../data/load_masked.ts";
import { loadScan } from "../imaging/load_scan.ts";
import { toRas } from "../imaging/orientation.ts";
import { spacingOf, type VoxelArray } from "../imaging/volume.ts";
import { percentile } from "../metrics/statistics.ts";
import type { CohortCase } from "../plots/cohort/cohort_case.ts";
import type { BrowsedScan } from "../plots/scans/slice_browser.ts";
import { nearestName } from "../text/unknown_name.ts";
import { checkCohort } from "./check_cohort.ts";
import { inNotebook } from "./session/in_notebook.ts";
import { findStudy } from "./load_study.ts";

/** A cohort with its cases, and everything that was found wrong or odd in its files. */
export interface CohortSurvey {
  name: string;
  /** The vocabulary. */
  organs: string[];
  cases: CohortCase[];
  findings: DatasetReport[];
}

/** So many voxels of a scan, evenly spread, tell its percentiles. */
const SAMPLES = 20_000;

/**
 * Reads all scans and label maps of a cohort, with progress below a notebook's cell.
 *
 * @param name in experiments/cohorts, or the path of a JSON file
 * @throws Error with all problems of the cohort's file or of its choice of cases; StoppedError
 *
 * @example
 * ```ts
 * import { surveyCohort } from "consilium/data";
 * import { geometryTable } from "consilium/plots";
 *
 * const { organs, cases, findings } = await surveyCohort("phantom");
 * geometryTable(cases);
 * ```
 */
export async function surveyCohort(name: string): Promise<CohortSurvey> {
  const study = await findStudy(name);
  const names = namesOfLabels(study);
  const all = casesOf(study);
  const cases = await inNotebook("reading scans", async ({ signal, onProgress }) => {
    const rows: CohortCase[] = [];
    for (const { role, one } of all) {
      await new Promise((turn) => setTimeout(turn)); // a stop is heard only then
      signal.throwIfAborted();
      rows.push(await surveyCase(one, { role, names }));
      onProgress(rows.length, all.length);
    }
    return rows;
  });
  const { reports } = await inNotebook("checking files", (work) => checkCohort(name, work));
  return { name: study.name, organs: [...names.values()], cases, findings: reports };
}

/**
 * One case of a cohort as it lies in its file, in RAS+.
 *
 * @param id of the case; "" for the first test case
 * @throws Error when there is no such case
 *
 * @example
 * ```ts
 * import { readCase } from "consilium/data";
 *
 * const { title, shape, spacing } = await readCase("phantom", "test_01");
 * console.log(`${title}: ${shape.join(" × ")} voxels of ${spacing.join(" × ")} mm`);
 * ```
 */
export async function readCase(name: string, id = ""): Promise<BrowsedScan> {
  const study = await findStudy(name);
  const all = casesOf(study).map(({ one }) => one);
  const found = id === "" ? study.test[0] : all.find((one) => one.id === id);
  if (!found) {
    const nearest = nearestName(id, all.map((one) => one.id));
    throw new Error(
      `Cannot read case: must be a case of cohort ${name} such as ${all[0]!.id}, current value is "${id}"` +
        `${nearest === undefined ? "" : `: did you mean ${nearest}?`}`,
    );
  }
  const { image, labels } = await readFiles(found);
  const { shape, affine } = image;
  return {
    title: `${found.dataset}, ${found.id}`,
    shape,
    spacing: spacingOf(affine),
    image: Float32Array.from(image.data, Number),
    labels: labels.data,
    publish: study.publishScans,
  };
}

function casesOf(study: Study): { role: string; one: StudyCase | StudyScan }[] {
  const as = (role: string, cases: (StudyCase | StudyScan)[]) => cases.map((one) => ({ role, one }));
  return [
    ...study.datasets.flatMap(({ training, validation, unlabelled = [] }) => [
      ...as("training", training),
      ...as("validation", validation),
      ...as("unlabelled", unlabelled),
    ]),
    ...as("test", study.test),
  ];
}

async function readFiles(one: StudyCase | StudyScan) {
  const scan = await loadScan(one.image);
  const labels = "label" in one ? await loadMasked(one) : { ...scan, data: new Uint8Array(scan.data.length) };
  return { image: toRas(scan), labels: toRas(labels) };
}

async function surveyCase(
  one: StudyCase | StudyScan,
  { role, names }: { role: string; names: Map<number, string> },
): Promise<CohortCase> {
  const { image, labels } = await readFiles(one);
  const spacing = spacingOf(image.affine);
  const millilitres = spacing[0] * spacing[1] * spacing[2] / 1000;
  const voxels = new Uint32Array(256);
  for (const code of labels.data) voxels[code]!++;
  return {
    case: one.id,
    dataset: one.dataset,
    role,
    shape: image.shape,
    spacing,
    intensity: intensityOf(image.data),
    organs: ("label" in one ? one.labelSet : []).map((number) => ({
      organ: names.get(number)!,
      volume: voxels[number]! * millilitres,
    })),
  };
}

function intensityOf(data: VoxelArray): CohortCase["intensity"] {
  const stride = Math.max(1, Math.floor(data.length / SAMPLES));
  const values: number[] = [];
  for (let voxel = 0; voxel < data.length; voxel += stride) values.push(Number(data[voxel]));
  const finite = values.filter(Number.isFinite);
  return { low: percentile(finite, 0.5), median: percentile(finite, 50), high: percentile(finite, 99.5) };
}

/**
 * A study whose training and validation cases are preprocessed and stored.
 *
 * @module
 */
import { makePrivateFolder } from "../../files/private_folder.ts";
import type { LabelSet } from "../label_set.ts";
import { readScanGrid } from "../../imaging/load_scan.ts";
import { type HashFile, hashingOnce } from "../../imaging/scan_hash.ts";
import { headerNotes } from "../datasets/header_notes.ts";
import { laidOn } from "../datasets/same_grid.ts";
import { loadMasked } from "../load_masked.ts";
import { preprocessCase } from "./preprocess.ts";
import { sameScansInStudy } from "../cohorts/same_scan.ts";
import { storedPrint } from "./stored_print.ts";
import type { StoredCase } from "./stored_case.ts";
import type { Study, StudyCase, StudyScan } from "../cohorts/study.ts";

export interface PreparedDataset {
  name: string;
  /** Organs the dataset shows: O_n of METHOD section 0. */
  organs: LabelSet;
  training: StoredCase[];
  validation: StoredCase[];
  /** Those of `validation` as their files have them: for what is decided on scans' own grids. */
  validationScans: StudyCase[];
  /** Cases with an empty label set. @default the cohort does not ask for them */
  unlabelled?: StoredCase[];
}

/** What stages learn from. Test cases stay as they are: they are read once, to be scored. */
export interface PreparedStudy extends Omit<Study, "datasets"> {
  datasets: PreparedDataset[];
}

export interface PrepareOptions {
  /** Folder of the preprocessed store. */
  folder: string;
  /** Of whoever hashes the same files besides. @default reads each file once */
  hashFile?: HashFile;
  signal?: AbortSignal;
  /** Called after every case. */
  onProgress?: (done: number, of: number) => void;
}

/**
 * Preprocesses what is not in the store yet. Test cases are only looked at: what would stop their scoring shall not be found after the training.
 *
 * @returns the study, with a warning for each oddity of files' headers
 * @throws Error that names the problems of all cases
 */
export async function prepareStudy(study: Study, options: PrepareOptions): Promise<PreparedStudy> {
  await makePrivateFolder(options.folder);
  const all = study.datasets.flatMap((
    { training, validation, unlabelled = [] },
  ) => [...training, ...validation, ...unlabelled]);
  const stored: StoredCase[] = [];
  const files = [...all, ...study.test].flatMap((one: StudyScan | StudyCase) =>
    "label" in one ? [one.image, one.label] : [one.image]
  );
  const { notes, problems } = await headerNotes(files);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  for (const one of all) {
    options.signal?.throwIfAborted();
    try {
      stored.push(
        await preprocessCase(one, {
          ...options,
          preprocessing: study.preprocessing,
          onDamaged: (reason) => notes.push(reason),
        }),
      );
    } catch (error) {
      problems.push((error as Error).message);
    }
    options.onProgress?.(stored.length + problems.length, all.length);
  }
  problems.push(...await truthProblems(study.test, options.signal));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const { folder, hashFile = hashingOnce() } = options;
  const same = await sameScansInStudy(study, (image) => {
    options.signal?.throwIfAborted();
    return storedPrint(image, { folder, hashFile });
  });
  problems.push(...same.problems);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const take = (count: number) => stored.splice(0, count);
  const datasets = study.datasets.map(({ name, organs, training, validation, unlabelled }) => ({
    name,
    organs,
    training: take(training.length),
    validation: take(validation.length),
    validationScans: validation,
    ...(unlabelled ? { unlabelled: take(unlabelled.length) } : {}),
  }));
  return {
    ...study,
    datasets,
    warnings: [...study.warnings, ...notes, ...same.warnings, ...absences(study, datasets)],
  };
}

/**
 * Organs that are annotated in training cases and in none of them there.
 *
 * @throws Error when a dataset's training cases show no organ at all
 */
function absences({ organs }: Study, datasets: readonly PreparedDataset[]): string[] {
  return datasets.flatMap(({ name, training }) => {
    const labels = [...new Set(training.flatMap(({ labelSet }) => labelSet))].sort((a, b) => a - b);
    const missing = labels.filter((label) =>
      training.every(({ locations }) => (locations[label]?.length ?? 0) === 0)
    );
    if (labels.length > 0 && missing.length === labels.length) {
      throw new Error(
        `Cannot train on dataset ${name}: no label map of its ${training.length} training cases has a voxel of its organs`,
      );
    }
    return missing.flatMap((label) => {
      const organ = organs.find(({ number }) => number === label)?.name;
      return organ
        ? [`dataset ${name}: ${organ} is annotated in training cases, and has no voxel in any of them`]
        : [];
    });
  });
}

/** What keeps predictions of cases from being scored. */
async function truthProblems(cases: readonly StudyCase[], signal?: AbortSignal): Promise<string[]> {
  const problems: string[] = [];
  for (const one of cases) {
    signal?.throwIfAborted();
    try {
      laidOn(await readScanGrid(one.image), await loadMasked(one));
    } catch (error) {
      problems.push(`Cannot score case ${one.id}: ${(error as Error).message}`);
    }
  }
  return problems;
}

/** What a stored case holds, wherever the store lies: its arrays are in folders named by their content. */
export function contentOf({ id, dataset, labelSet, pseudoSet, image, labels, groups, without }: StoredCase) {
  const name = (folder: string) => folder.split("/").slice(-2).join("/");
  const content = { id, dataset, labelSet, pseudoSet, image: name(image), labels: name(labels) };
  return { ...content, ...groups && { groups }, ...without && { without } };
}

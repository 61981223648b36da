/**
 * A folder of scans with label maps, as its `dataset.json` describes it.
 *
 * @module
 */
import { basename, join, resolve } from "@std/path";
import { type CaseFiles, findCases } from "./dataset_cases.ts";
import { DatasetFile, readLabels, readModality } from "./dataset_json.ts";
import { InvalidFileError, parseWith, readJson } from "../json_file.ts";
import { didYouMean } from "../../text/unknown_name.ts";

export interface DatasetCase extends CaseFiles {
  /** Names of the organs annotated in this case, whether or not visible. */
  annotated: string[];
  /** The person, where the dataset says so. */
  subject?: string;
}

export interface Dataset {
  name: string;
  /** Absolute path. */
  folder: string;
  /** As written: "CT", "MRI", … */
  modality: string;
  /** Value in the label maps → organ name; without background. */
  labels: Map<number, string>;
  /** Value of voxels that are not annotated. @default every voxel is annotated */
  ignored?: number;
  cases: DatasetCase[];
  /** Split name → case ids. */
  splits?: Record<string, string[]>;
}

/** A dataset as far as it could be read, and all that is wrong with its `dataset.json`. */
export interface DatasetInspection {
  file: string;
  dataset?: Dataset;
  problems: string[];
}

function caseProblems(file: DatasetFile, ids: readonly string[], organs: readonly string[]): string[] {
  const problems: string[] = [];
  const knowCase = (place: string, id: string, said: string) => {
    if (!ids.includes(id)) problems.push(`${place}: ${said}${didYouMean(id, ids)}`);
  };
  for (const [id, names] of Object.entries(file.annotated ?? {})) {
    knowCase(`annotated.${id}`, id, "no such case");
    for (const name of names) {
      if (organs.includes(name)) continue;
      problems.push(`annotated.${id}: ${name} is none of the labels${didYouMean(name, organs)}`);
    }
  }
  for (const [split, members] of Object.entries(file.splits ?? {})) {
    for (const id of members) knowCase(`splits.${split}`, id, `no such case as ${id}`);
  }
  for (const id of Object.keys(file.subjects ?? {})) knowCase(`subjects.${id}`, id, "no such case");
  return problems;
}

/** Reads `dataset.json` without giving up at the first fault. Scans are not opened. */
export async function inspectDataset(folder: string): Promise<DatasetInspection> {
  const root = resolve(folder);
  const path = join(root, "dataset.json");
  const parsed = parseWith(DatasetFile, await readJson(path, "dataset"));
  if (!parsed.value) return { file: path, problems: parsed.problems };
  const file = parsed.value;
  const problems: string[] = [];
  const { organs: labels, ignored } = readLabels(file.labels, problems);
  const modality = readModality(file, problems);
  const found = await findCases(root, file, problems);
  problems.push(...caseProblems(file, found.map(({ id }) => id), [...labels.values()]));
  const cases = found.map((files): DatasetCase => {
    const subject = file.subjects?.[files.id];
    return {
      ...files,
      annotated: file.annotated?.[files.id] ?? (files.label ? [...labels.values()] : []),
      ...subject === undefined ? {} : { subject: String(subject) },
    };
  });
  const dataset: Dataset = {
    name: file.name ?? basename(root),
    folder: root,
    modality,
    labels,
    ...ignored === undefined ? {} : { ignored },
    cases,
    ...file.splits === undefined ? {} : { splits: file.splits },
  };
  return { file: path, dataset, problems };
}

/**
 * Reads a dataset in the Medical Segmentation Decathlon's or nnU-Net v2's layout (see dataset_json.ts).
 *
 * @throws {InvalidFileError} with every problem of its `dataset.json` at once
 */
export async function readDataset(folder: string): Promise<Dataset> {
  const { file, dataset, problems } = await inspectDataset(folder);
  if (!dataset || problems.length > 0) throw new InvalidFileError(file, problems, "dataset");
  return dataset;
}

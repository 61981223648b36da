/**
 * A folder of scans with label maps, as its `dataset.json` describes it.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "@std/path";
import { type CaseFiles, caseId, findCases } from "./dataset_cases.ts";
import { DatasetFile, readLabels, readModality } from "./dataset_json.ts";
import { exists } from "../../files/whole_folder.ts";
import { InvalidFileError, parseWith, readJson } from "../json_file.ts";
import { didYouMean } from "../../text/unknown_name.ts";

export interface DatasetCase extends CaseFiles {
  /** Names of the organs annotated in this case, whether or not visible. */
  annotated: string[];
  /** The person, where the dataset says so. */
  subject?: string;
  /** Its label map is of scribbles, drawn beside dense ones of the folder above, whose people these are. @default false */
  drawn?: boolean;
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
  /** What is odd but no error, such as files in other folders. @default [] */
  notes?: readonly string[];
}

/** A dataset as far as it could be read, and all that is wrong with its `dataset.json`. */
export interface DatasetInspection {
  file: string;
  dataset?: Dataset;
  problems: string[];
}

function caseProblems(file: DatasetFile, ids: readonly string[], organs: readonly string[]): string[] {
  const problems: string[] = [], knownIds = new Set(ids), knownOrgans = new Set(organs);
  const knowCase = (place: string, id: string, said: string) => {
    if (!knownIds.has(id)) problems.push(`${place}: ${said}${didYouMean(id, ids)}`);
  };
  for (const [id, names] of Object.entries(file.annotated ?? {})) {
    knowCase(`annotated.${id}`, id, "no such case");
    for (const name of names) {
      if (knownOrgans.has(name)) continue;
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
  const drawn = await drawnBeside(root);
  const path = drawn?.path ?? join(root, "dataset.json");
  const parsed = parseWith(DatasetFile, drawn?.json ?? await readJson(path, "dataset"));
  if (!parsed.value) return { file: path, problems: parsed.problems };
  const file = drawn ? scribblesOf(parsed.value) : parsed.value;
  const problems: string[] = [], notes: string[] = [];
  const { organs: labels, ignored } = readLabels(file.labels, problems);
  const modality = readModality(file, problems);
  const found = await findCases(dirname(path), file, { problems, notes });
  problems.push(...caseProblems(file, found.map(({ id }) => id), [...labels.values()]));
  const cases = found.map((files): DatasetCase => {
    const subject = file.subjects?.[files.id];
    return {
      ...files,
      annotated: file.annotated?.[files.id] ?? (files.label ? [...labels.values()] : []),
      ...subject === undefined ? {} : { subject: String(subject) },
      ...drawn && { drawn: true },
    };
  });
  const dataset: Dataset = {
    name: String(file.name ?? basename(root)),
    folder: root,
    modality,
    labels,
    ...ignored === undefined ? {} : { ignored },
    cases,
    ...file.splits === undefined ? {} : { splits: file.splits },
    notes,
  };
  return { file: path, dataset, problems };
}

/** The `dataset.json` of the folder above, where that says that scribbles lie in this one, which has none of its own. */
async function drawnBeside(root: string): Promise<{ path: string; json: unknown } | undefined> {
  const path = join(dirname(root), "dataset.json");
  if (await exists(join(root, "dataset.json")) || !await exists(path)) return undefined;
  const json = await readJson(path, "dataset");
  const named = DatasetFile.safeParse(json).data?.scribbles?.folder;
  return named === basename(root) ? { path, json } : undefined;
}

/** The dataset as it would be if scribbles were its label maps. */
function scribblesOf({ scribbles, splits, labels, ...file }: DatasetFile): DatasetFile {
  const { folder, notAnnotated, training } = scribbles!;
  const ids = new Set(training.map(({ image }) => caseId(image)));
  const ofCases = <T>(entries: Record<string, T> = {}) =>
    Object.fromEntries(Object.entries(entries).filter(([id]) => ids.has(id)));
  return {
    ...file,
    name: `${file.name ?? "dataset"}, ${folder}`,
    labels: { ...labels, ignore: notAnnotated },
    training,
    annotated: ofCases(file.annotated),
    subjects: ofCases(file.subjects),
    ...splits && {
      splits: Object.fromEntries(
        Object.entries(splits).map(([split, members]) => [split, members.filter((id) => ids.has(id))]),
      ),
    },
  };
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

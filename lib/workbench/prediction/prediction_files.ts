/**
 * Anybody's predictions for the test cases of a study: found by name, checked before anything is scored.
 *
 * @module
 */
import { join } from "@std/path";
import { caseId } from "../../data/datasets/dataset_cases.ts";
import { InvalidFileError } from "../../data/json_file.ts";
import type { LabelSet, OrganNumber } from "../../data/label_set.ts";
import { maskLabels } from "../../data/mask_labels.ts";
import { laidOn } from "../../data/datasets/same_grid.ts";
import type { StudyCase } from "../../data/cohorts/study.ts";
import { countLabels, loadLabelMap } from "../../data/datasets/label_map.ts";
import { reasonOf } from "../../text/error_text.ts";
import { SCAN_ENDING } from "../../imaging/scan_files.ts";
import type { Volume } from "../../imaging/volume.ts";

/** What the values of predictions mean. */
export interface PredictionLabels {
  /** Value → organ. */
  values: Record<number, OrganNumber>;
  /** Values of labels that are no organ of the study: they count as background. */
  foreign: number[];
}

const ENDINGS = [".nii.gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd"];

/**
 * Finds the prediction of every case: `<case id>.nii.gz` or of another ending of scans, or the file name of its scan, with or
 * without nnU-Net's `_0000`.
 *
 * @returns path by case id
 * @throws {InvalidFileError} with every missing or ambiguous file
 */
export async function findPredictions(
  folder: string,
  cases: readonly StudyCase[],
): Promise<Map<string, string>> {
  const names = new Set<string>();
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) if (!isDirectory) names.add(name);
  } catch (error) {
    throw new InvalidFileError(folder, [reasonOf(error)], "predictions");
  }
  if (cases.length > 1 && ![...names].some((name) => SCAN_ENDING.test(name))) {
    const problem =
      `there is no .nii.gz, .nii, .nrrd or .mha file; wanted are ${cases.length}, ${
        cases[0]!.id
      }.nii.gz to ` +
      `${cases.at(-1)!.id}.nii.gz`;
    throw new InvalidFileError(folder, [problem], "predictions");
  }
  const problems: string[] = [];
  const found = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const { id, image } of cases) {
    const stems = [...new Set([id, `${id}_0000`, caseId(image), `${caseId(image)}_0000`])];
    const files = stems.map((stem) =>
      ENDINGS.map((ending) => stem + ending).filter((name) => names.has(name))
    );
    const [name, second] = files.find((some) => some.length > 0) ?? [];
    if (name === undefined) problems.push(`case ${id}: there is no ${stems[0]}.nii.gz or ${stems[0]}.nii`);
    else if (second !== undefined) problems.push(`case ${id}: there are both ${name} and ${second}`);
    else if (owners.has(name)) {
      problems.push(`cases ${owners.get(name)} and ${id}: there is only ${name} for both`);
    } else {
      owners.set(name, id);
      found.set(id, join(folder, name));
    }
  }
  if (problems.length > 0) throw new InvalidFileError(folder, problems, "predictions");
  return found;
}

export interface CheckOptions extends PredictionLabels {
  /** The folder, for the error. */
  folder: string;
  /** Called after every case. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Checks that every prediction can be read, lies on the grid of its case's label map and has no undeclared value.
 *
 * @throws {InvalidFileError} with every problem of every file
 */
export async function checkPredictions(
  cases: readonly StudyCase[],
  files: ReadonlyMap<string, string>,
  { folder, values, foreign, onProgress }: CheckOptions,
): Promise<void> {
  const problems: string[] = [];
  const known = new Set([0, ...Object.keys(values).map(Number), ...foreign]);
  for (const [index, test] of cases.entries()) {
    try {
      const truth = await loadLabelMap(test.label);
      const prediction = await loadLabelMap(files.get(test.id)!);
      const { counts, others } = countLabels(prediction.data);
      const unknown = [...counts.keys()].filter((value) => !known.has(value));
      if (unknown.length + others > 0) {
        const few = unknown.slice(0, 5).join(", ") + (unknown.length > 5 ? ", …" : "");
        const wanted = [...known].join(", ");
        problems.push(`case ${test.id}: values must be among ${wanted}, found ${few} (${prediction.path})`);
      }
      laidOn(truth, prediction, { name: "the prediction" });
    } catch (error) {
      problems.push(`case ${test.id}: ${(error as Error).message}`);
    }
    onProgress?.(index + 1, cases.length);
  }
  if (problems.length > 0) throw new InvalidFileError(folder, problems, "predictions");
}

/** Reads a prediction as organ numbers. */
export async function readPrediction(
  path: string,
  { values, labelSet }: { values: PredictionLabels["values"]; labelSet: LabelSet },
): Promise<Volume<Uint8Array>> {
  const { data, shape, affine } = await loadLabelMap(path);
  return { data: maskLabels(data, { values, labelSet }), shape, affine };
}

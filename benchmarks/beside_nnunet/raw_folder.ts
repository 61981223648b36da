/**
 * A cohort as nnU-Net wants its raw data: scans, label maps with all organs, `dataset.json`, and who is trained on.
 *
 * @module
 */
import { join } from "@std/path";
import type { Study, StudyCase } from "../../lib/data/cohorts/study.ts";
import { FIRST_GROUP, IGNORED, type LabelSet } from "../../lib/data/label_set.ts";
import { leavesOf } from "../../lib/data/groups.ts";
import { loadMasked } from "../../lib/data/load_masked.ts";
import { writeJson } from "../../lib/files/whole_file.ts";
import { loadScan } from "../../lib/imaging/load_scan.ts";
import { writeNifti } from "../../lib/imaging/nifti/write_nifti.ts";

/** The dataset's name in nnU-Net, which wants a number. */
export const RAW_NAME = "Dataset001_cohort";

/** A case, and what its files are called, whatever characters its id has. */
export interface RawCase {
  name: string;
  scan: StudyCase;
}

/** Training and validation cases of all datasets, in the cohort's order. */
export function rawCases(
  { datasets }: Pick<Study, "datasets">,
): Record<"training" | "validation", RawCase[]> {
  const named = (role: "training" | "validation") =>
    datasets.flatMap((dataset) => dataset[role])
      .map((scan, index) => ({ name: `${role}_${String(index + 1).padStart(4, "0")}`, scan }));
  return { training: named("training"), validation: named("validation") };
}

/**
 * Label codes as nnU-Net's values: organs by their numbers, and its ignore label, one above them, where it is not known which
 * class of nnU-Net a voxel is of. That is so where nothing is annotated, in a coarser label that covers several organs, and in
 * the whole background of a case in which an organ is not annotated, since the organ may lie there.
 *
 * @param codes label codes, any shape
 * @param options.labelSet the case's organs and groups
 * @param options.organs number of the cohort's organs
 */
export function nnunetValues(
  codes: Uint8Array,
  { labelSet, groups, organs }: { labelSet: LabelSet; groups?: StudyCase["groups"]; organs: number },
): Uint8Array<ArrayBuffer> {
  const ignored = organs + 1;
  const background = leavesOf(labelSet, groups).length === organs ? 0 : ignored;
  return Uint8Array.from(codes, (code) => {
    if (code === 0) return background;
    return code >= FIRST_GROUP || code === IGNORED ? ignored : code;
  });
}

export interface DatasetJsonOptions {
  /** Scans that have labels, of training and validation. */
  cases: number;
  /** Whether some label map has the ignore label. */
  ignores: boolean;
}

/** What `dataset.json` says. Scans are turned to RAS+ by nnU-Net's own reader, as ours are. */
export function datasetJson(
  { organs, preprocessing }: Pick<Study, "organs" | "preprocessing">,
  { cases, ignores }: DatasetJsonOptions,
) {
  return {
    channel_names: { "0": preprocessing.intensity.scheme === "ct" ? "CT" : "MRI" },
    labels: {
      background: 0,
      ...Object.fromEntries(organs.map(({ name, number }) => [name, number])),
      ...ignores && { ignore: organs.length + 1 },
    },
    numTraining: cases,
    file_ending: ".nii.gz",
    overwrite_image_reader_writer: "NibabelIOWithReorient",
  };
}

/** Writes `<folder>/Dataset001_cohort`, and `<folder>/splits_final.json`, whose one split is the cohort's. */
export async function writeRawFolder(
  study: Study,
  { folder, onCase }: { folder: string; onCase: (done: number, of: number) => void },
): Promise<void> {
  const { training, validation } = rawCases(study);
  const all = [...training, ...validation], root = join(folder, RAW_NAME);
  for (const name of ["imagesTr", "labelsTr"]) await Deno.mkdir(join(root, name), { recursive: true });
  let ignores = false;
  for (const [index, { name, scan }] of all.entries()) {
    const [image, label] = [await loadScan(scan.image), await loadMasked(scan)];
    await writeNifti(join(root, "imagesTr", `${name}_0000.nii.gz`), image, { like: image.header });
    const data = nnunetValues(label.data, { ...scan, organs: study.organs.length });
    ignores ||= data.includes(study.organs.length + 1);
    // On the image's grid, so that label maps whose header differs by rounding lie on it.
    await writeNifti(join(root, "labelsTr", `${name}.nii.gz`), { ...image, data }, { like: image.header });
    onCase(index + 1, all.length);
  }
  await writeJson(join(root, "dataset.json"), datasetJson(study, { cases: all.length, ignores }));
  const names = (cases: RawCase[]) => cases.map(({ name }) => name);
  await writeJson(join(folder, "splits_final.json"), [{ train: names(training), val: names(validation) }]);
}

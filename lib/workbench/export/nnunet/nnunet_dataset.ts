/**
 * A cohort as an nnU-Net v2 dataset of partial labels.
 *
 * @module
 */
import { join } from "@std/path";
import { laidOn } from "../../../data/datasets/same_grid.ts";
import { withFold } from "../../../data/cohorts/fold.ts";
import { loadMasked } from "../../../data/load_masked.ts";
import { writeJson } from "../../../files/whole_file.ts";
import { writeWholeFolder } from "../../../files/whole_folder.ts";
import { writeNifti } from "../../../imaging/nifti/write_nifti.ts";
import type { FoundStudy } from "../../load_study.ts";
import { nameProblems, type NnunetCase, type NnunetCases, nnunetCases } from "./nnunet_cases.ts";
import { annotatedJson, datasetJson, splitsJson } from "./nnunet_json.ts";
import { type NnunetLabels, nnunetLabels, OWN_LABELS } from "./nnunet_labels.ts";
import { placeScan } from "./place_scan.ts";

/** File of nnU-Net's trainer with our loss, beside this one and in a dataset's folder `trainer`. */
const TRAINER = "consilium_trainer.py";

export interface NnunetDatasetOptions {
  /** nnU-Net's folder of raw data, which the dataset's is made in. */
  out: string;
  /** The dataset's number in nnU-Net, 1 to 999. */
  id: number;
  /** Link to scans instead of copying them. */
  link: boolean;
  signal?: AbortSignal | undefined;
  /** Called after every case. */
  onProgress?: (done: number, of: number) => void;
}

/** What was written. */
export interface NnunetDataset extends NnunetCases {
  folder: string;
}

/**
 * Writes `<out>/Dataset<id>_<cohort>`, whole or not at all: `imagesTr` and `labelsTr` of training and validation cases, `imagesTs` of
 * test scans, `dataset.json`, `annotated.json`, `splits_final.json`, and `trainer`, a folder for nnU-Net's variable `nnUNet_extTrainer`.
 * Label maps hold what the study shows of their case; test labels are not among them.
 *
 * @throws Error with every problem; nothing is written then
 */
export async function writeNnunetDataset(
  study: FoundStudy,
  { out, id, link, signal, onProgress }: NnunetDatasetOptions,
): Promise<NnunetDataset> {
  const number = String(id).padStart(3, "0"), anonymous = study.pseudonyms === true;
  const cases = nnunetCases(study), labels = nnunetLabels(study);
  const problems = [
    ...await takenProblems(out, number),
    ...nameProblems(cases),
    ...[...study.organs, ...study.groups ?? []].filter(({ name }) => OWN_LABELS.includes(name)).map((
      { name },
    ) =>
      `an organ must not be called as nnU-Net's own labels, ${
        OWN_LABELS.join(" and ")
      }, current name is ${name}`
    ),
    ...link && anonymous
      ? ["--link must be left out of a cohort with pseudonyms, since links tell whose scans these are"]
      : [],
  ];
  if (problems.length > 0) {
    throw new Error(`Cannot export:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }
  const name = withFold(study.name, study.fold).replace(/[^A-Za-z0-9]+/g, "_");
  const folder = join(out, `Dataset${number}_${name}`);
  const labelled = [...cases.training, ...cases.validation], total = labelled.length + cases.test.length;
  let done = 0;
  await writeWholeFolder(folder, async (draft) => {
    const place = async ({ name, scan }: NnunetCase, images: string) => {
      signal?.throwIfAborted();
      const grid = await placeScan(scan.image, join(draft, images, `${name}_0000.nii.gz`), {
        link,
        anonymous,
      });
      if (images === "imagesTr") {
        await writeLabels(scan, join(draft, "labelsTr", `${name}.nii.gz`), { grid, labels });
      }
      onProgress?.(++done, total);
    };
    for (const name of ["imagesTr", "labelsTr", "imagesTs", "trainer"]) await Deno.mkdir(join(draft, name));
    for (const one of labelled) await place(one, "imagesTr");
    for (const one of cases.test) await place(one, "imagesTs");
    await writeJson(join(draft, "dataset.json"), datasetJson(study, cases, labels));
    await writeJson(join(draft, "annotated.json"), annotatedJson(cases, labels));
    await writeJson(join(draft, "splits_final.json"), splitsJson(cases));
    await Deno.writeTextFile(
      join(draft, "trainer", TRAINER),
      await Deno.readTextFile(new URL(TRAINER, import.meta.url)),
    );
  });
  return { folder, ...cases };
}

/** nnU-Net knows a dataset by its number alone. */
async function takenProblems(out: string, number: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(out));
    return entries.filter(({ name }) => name.startsWith(`Dataset${number}`)).map(({ name }) =>
      `--id must be one that no dataset in ${out} has, there is ${name} already`
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    if (error instanceof Deno.errors.NotADirectory) {
      return [`--out must be a folder, there is a file of that name (${out})`];
    }
    throw error;
  }
}

async function writeLabels(
  scan: NnunetCase["scan"],
  path: string,
  { grid, labels }: { grid: Awaited<ReturnType<typeof placeScan>>; labels: NnunetLabels },
): Promise<void> {
  const { data } = laidOn(grid, await loadMasked(scan));
  const values = data.map((code) => labels.valueOf.get(code) ?? 0);
  await writeNifti(path, { ...grid, data: values }, { like: grid.header });
}

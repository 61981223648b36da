/**
 * A dataset with scribbles in place of its label maps, as a folder that Consilium and nnU-Net v2 read.
 *
 * @module
 */
import { join, relative, resolve } from "@std/path";
import { type Dataset, type DatasetCase, readDataset } from "../../data/datasets/dataset.ts";
import { exists, writeWholeFolder } from "../../files/whole_folder.ts";
import { writeJson } from "../../files/whole_file.ts";
import { countLabels, declaredValues, loadLabelMap, undeclaredText } from "../../data/datasets/label_map.ts";
import { writeNifti } from "../../imaging/nifti/write_nifti.ts";
import { spacingOf } from "../../imaging/volume.ts";
import type { ScribbleOptions } from "../../labels/scribbles/component_scribble.ts";
import { DENSE, scribbleMap, type ScribbleShares, sumOfShares } from "../../labels/scribbles/scribble_map.ts";
import { alongAxis, coarsestAxis, type SliceAxis } from "../../labels/scribbles/slice_axis.ts";

export interface ScribbleFolderOptions extends ScribbleOptions {
  /** Folder of the new dataset; it is not there yet. */
  out: string;
  seed: number;
  /** Of the slices, as the files have it. @default of each scan that of the largest spacing, the last of equal ones */
  axis?: SliceAxis | undefined;
  signal?: AbortSignal;
  /** Called after every case. */
  onProgress?: (done: number, of: number) => void;
}

/** What scribbles tell of a label, over all cases. */
export interface ScribbleReportRow extends ScribbleShares {
  /** Its name, background's too. */
  label: string;
}

/**
 * Writes `<out>/dataset.json`, `imagesTr` (links to the scans) and `labelsTr`, in which all but scribbles has the value of nnU-Net's
 * label `ignore`, one above the others. What was not annotated, and values that no label declares, get no scribble.
 *
 * @param folder of the dataset
 * @throws Error when the dataset is wrong, the new folder is there, or no case has a label map; nothing is left then
 */
export async function scribbleFolder(
  folder: string,
  { out, signal, onProgress, ...options }: ScribbleFolderOptions,
): Promise<ScribbleReportRow[]> {
  const dataset = await readDataset(folder);
  const cases = dataset.cases.filter(({ label }) => label !== undefined);
  if (cases.length === 0) {
    throw new Error(`Cannot scribble: cases with label maps are wanted, there are none (${folder})`);
  }
  if (!relative(folder, out).startsWith("..")) {
    throw new Error(`Cannot scribble: the new folder must lie outside of the dataset's (${out})`);
  }
  if (await exists(out)) throw new Error(`Cannot scribble: the new folder must not be there yet (${out})`);
  const foreign = cases.find(({ image }) => !/\.nii(\.gz)?$/.test(image));
  if (foreign) throw new Error(`Cannot scribble: scans must be .nii.gz or .nii (${foreign.image})`);
  const endings = new Set(cases.map(({ image }) => endingOf(image)));
  if (endings.size > 1) {
    throw new Error(`Cannot scribble: scans must be all .nii.gz or all .nii, there are both (${folder})`);
  }
  if (notAnnotatedIn(dataset) > MOST) {
    throw new Error(
      `Cannot scribble: labels must be below ${MOST}, so that one above them is left for what is not annotated, the largest is ${
        notAnnotatedIn(dataset) - 1
      } (${folder})`,
    );
  }
  const names = new Map([[0, "background"], ...dataset.labels]);
  const total = new Map<number, ScribbleShares>();
  await writeWholeFolder(out, async (draft) => {
    for (const name of ["imagesTr", "labelsTr"]) await Deno.mkdir(join(draft, name));
    for (const [index, one] of cases.entries()) {
      signal?.throwIfAborted();
      for (const [value, shares] of await scribbleCase(one, draft, { dataset, ...options })) {
        total.set(value, sumOfShares(shares, total.get(value)));
      }
      onProgress?.(index + 1, cases.length);
    }
    await writeJson(join(draft, "dataset.json"), datasetJson(dataset, cases));
  });
  return [...names].map(([value, label]) => ({ label, ...sumOfShares(total.get(value)) }));
}

/** Label maps are uint8. */
const MOST = 255;

function endingOf(path: string): string {
  return path.endsWith(".gz") ? ".nii.gz" : ".nii";
}

/** One above all labels, as nnU-Net wants it. */
function notAnnotatedIn({ labels }: Dataset): number {
  return Math.max(...labels.keys()) + 1;
}

async function scribbleCase(
  { id, image, label }: DatasetCase,
  folder: string,
  { dataset, seed, axis, ...options }: { dataset: Dataset } & Omit<ScribbleFolderOptions, "out">,
): Promise<Map<number, ScribbleShares>> {
  const { data, shape, affine, header } = await loadLabelMap(label!);
  const counted = countLabels(data), undeclared = undeclaredText(counted, declaredValues(dataset));
  if (undeclared) throw new Error(`Cannot scribble: ${undeclared} (${label})`);
  const notAnnotated = notAnnotatedIn(dataset);
  const dense = 1 - (counted.counts.get(dataset.ignored ?? NaN) ?? 0) / data.length;
  if (dense < DENSE) {
    throw new Error(
      `Cannot scribble: labels must be dense, here ${
        (100 * dense).toFixed(1)
      } % of the voxels are annotated (${label})`,
    );
  }
  const isKnown = (value: number) => value !== dataset.ignored && (value === 0 || dataset.labels.has(value));
  const values = Uint8Array.from(data, (value) => isKnown(value) ? value : notAnnotated);
  let shares = new Map<number, ScribbleShares>();
  const labels = alongAxis(
    values,
    { shape, axis: axis ?? coarsestAxis(spacingOf(affine)) },
    (slices, shape) => {
      const map = scribbleMap(slices, shape, { ...options, keys: [seed, id], notAnnotated });
      shares = map.shares;
      return map.labels;
    },
  );
  const ending = endingOf(image);
  await Deno.symlink(resolve(image), join(folder, "imagesTr", `${id}_0000${ending}`));
  await writeNifti(join(folder, "labelsTr", `${id}${ending}`), { data: labels, shape, affine }, {
    like: header,
  });
  return shares;
}

function datasetJson(dataset: Dataset, cases: readonly DatasetCase[]) {
  const { name, modality, labels, splits } = dataset;
  const kept = new Set(cases.map(({ id }) => id));
  const byCase = <T>(valueOf: (one: DatasetCase) => T | undefined) =>
    Object.fromEntries(cases.flatMap((one) => valueOf(one) === undefined ? [] : [[one.id, valueOf(one)]]));
  const subjects = byCase(({ subject }) => subject);
  const annotated = byCase(({ annotated }) => annotated.length < labels.size ? annotated : undefined);
  return {
    name: `${name}, scribbles`,
    channel_names: { "0": modality },
    labels: {
      background: 0,
      ...Object.fromEntries([...labels].map(([value, name]) => [name, value])),
      ignore: notAnnotatedIn(dataset),
    },
    numTraining: cases.length,
    file_ending: endingOf(cases[0]!.image),
    ...Object.keys(annotated).length > 0 && { annotated },
    ...Object.keys(subjects).length > 0 && { subjects },
    ...splits && {
      splits: Object.fromEntries(
        Object.entries(splits).map(([split, ids]) => [split, ids.filter((id) => kept.has(id))]),
      ),
    },
  };
}

/**
 * From a scan's files to what training reads.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { loadScan, type Scan } from "../imaging/load_scan.ts";
import { findNiftiFiles } from "../imaging/nifti_paths.ts";
import { toRas } from "../imaging/orientation.ts";
import { resampleImage } from "../imaging/resample.ts";
import { resampleLabels } from "../imaging/resample_labels.ts";
import type { Spacing, Volume } from "../imaging/volume.ts";
import { type Intensity, normaliseIntensity } from "./intensity.ts";
import type { LabelSet } from "./label_set.ts";
import { organLocations } from "./locations.ts";
import { maskLabels } from "./mask_labels.ts";
import { assertSameGrid } from "./same_grid.ts";
import { writeStoredArray } from "./store.ts";
import type { StoredCase } from "./stored_case.ts";
import type { StudyCase } from "./study.ts";
import { exists, writeWholeFolder } from "./whole_folder.ts";

/** Raise it when the same files would be stored differently. */
const VERSION = 1;

export interface Preprocessing {
  /** [z, y, x] every scan is resampled to, mm. */
  spacingMm: Spacing;
  intensity: Intensity;
}

export interface PreprocessOptions {
  preprocessing: Preprocessing;
  /** The store: each case in a folder of its own, named by its content. */
  folder: string;
}

/** What a case's folder says of it: all but where it lies, and whose it is. */
type CaseRecord = Pick<StoredCase, "shape" | "labelSet" | "locations">;

/**
 * Stores a case, or finds it stored.
 *
 * Its folder is named by a hash of the scan's files, of the label map MASKED to the case's label set, and of the
 * parameters: what a hidden organ's labels say changes neither the name nor a byte inside. Whatever is interrupted leaves
 * nothing half written, and the same case may be stored by several processes at once.
 *
 * @throws Error with the case's id, its file and the reason
 */
export async function preprocessCase(studyCase: StudyCase, options: PreprocessOptions): Promise<StoredCase> {
  try {
    const { spacingMm, intensity } = options.preprocessing;
    const { id, dataset, labelSet } = studyCase;
    const labelMap = await loadScan(studyCase.label);
    const masked = { ...labelMap, data: maskLabels(labelMap.data, studyCase) };
    const parameters = JSON.stringify([VERSION, spacingMm, intensity, labelSet, masked.shape, masked.affine]);
    const hash = createHash("sha256").update(parameters).update(masked.data);
    const files = await findNiftiFiles(studyCase.image);
    for (const path of new Set(Object.values(files))) hash.update(await Deno.readFile(path));
    const folder = join(options.folder, hash.digest("hex").slice(0, 32));
    const record = join(folder, "case.json");
    if (!await exists(record)) {
      await writeWholeFolder(folder, async (temporary) => {
        const { image, labels } = await preprocess(studyCase.image, masked, options.preprocessing);
        await writeStoredArray(join(temporary, "image"), image.data, image);
        await writeStoredArray(join(temporary, "labels"), labels.data, labels);
        const locations = organLocations(labels.data, labelSet);
        const content: CaseRecord = { shape: image.shape, labelSet, locations };
        await Deno.writeTextFile(join(temporary, "case.json"), JSON.stringify(content));
      });
    }
    const stored: CaseRecord = JSON.parse(await Deno.readTextFile(record));
    return {
      id,
      dataset,
      pseudoSet: [],
      image: join(folder, "image"),
      labels: join(folder, "labels"),
      ...stored,
    };
  } catch (error) {
    throw new Error(`Cannot preprocess case ${studyCase.id}: ${(error as Error).message}`, { cause: error });
  }
}

async function preprocess(imagePath: string, masked: Scan<Uint8Array>, preprocessing: Preprocessing) {
  const scan = await loadScan(imagePath);
  assertSameGrid(scan, masked);
  const image = preprocessImage(scan, preprocessing);
  // The image's affine, so that a label map whose header differs by rounding lands on the same grid.
  const labels = resampleLabels(toRas({ ...masked, affine: scan.affine }), preprocessing.spacingMm);
  return { image, labels };
}

/**
 * Turns a scan to RAS+, resamples it (trilinear) and normalises its intensities: what a network sees of a scan, in
 * training and afterwards.
 *
 * @throws RangeError when a voxel is not finite
 */
export function preprocessImage(scan: Volume, { spacingMm, intensity }: Preprocessing): Volume<Float32Array> {
  const resampled = resampleImage(toRas(scan), spacingMm);
  return { ...resampled, data: normaliseIntensity(resampled.data, intensity) };
}

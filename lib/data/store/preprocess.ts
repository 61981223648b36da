/**
 * From a scan's files to what training reads.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { z } from "zod";
import { loadScan, readScanGrid, type Scan } from "../../imaging/load_scan.ts";
import { filesOfScan } from "../../imaging/scan_files.ts";
import { toRas } from "../../imaging/orientation.ts";
import { resampleImage } from "../../imaging/resample.ts";
import { resampleLabels } from "../../imaging/resample_labels.ts";
import type { Volume } from "../../imaging/volume.ts";
import { normaliseIntensity } from "./intensity.ts";
import type { LabelSet } from "../label_set.ts";
import { organLocations } from "./locations.ts";
import { loadMasked } from "../load_masked.ts";
import { laidOn } from "../datasets/same_grid.ts";
import { writeStoredArray } from "./store.ts";
import type { Preprocessing } from "../preprocessing.ts";
import type { StoredCase } from "./stored_case.ts";
import type { StudyCase, StudyScan } from "../cohorts/study.ts";
import { hashesBelow, requireFiles, writeSealed } from "../../files/seal.ts";
import { readTextIfThere } from "../../files/whole_file.ts";
import { setAside, writeWholeFolder } from "../../files/whole_folder.ts";
import { parseOwnJson } from "../own_json.ts";

/** Raise it when the same files would give other voxels; arrays that are cut or packed otherwise are read all the same. */
const VERSION = 1;

export interface PreprocessOptions {
  preprocessing: Preprocessing;
  /** The store: each case in a folder of its own, named by its content. */
  folder: string;
  /** Called with what was found damaged, before it is made again. @default nobody is told */
  onDamaged?: ((reason: string) => void) | undefined;
}

/** What a case's folder says of it: all but where it lies, and whose it is. */
const caseRecord = z.object({
  shape: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]),
  labelSet: z.array(z.int()).readonly(),
  locations: z.record(z.string(), z.array(z.int().min(0))),
  /** SHA-256 of each file beside it, by its path. Older records have none. */
  files: z.record(z.string(), z.string()).optional(),
});

type CaseRecord = z.infer<typeof caseRecord>;

interface PreprocessInput {
  /** Path of the scan. */
  image: string;
  labelSet: LabelSet;
  masked: Scan<Uint8Array>;
  preprocessing: Preprocessing;
}

/**
 * Stores a case, or finds it stored.
 *
 * Its folder is named by a hash of the scan's files, of the label map MASKED to the case's label set, and of the
 * parameters: what a hidden organ's labels say changes neither the name nor a byte inside. Whatever is interrupted leaves
 * nothing half written, and the same case may be stored by several processes at once.
 *
 * @throws Error with the case's id, its file and the reason
 */
export async function preprocessCase(
  studyCase: StudyCase | StudyScan,
  options: PreprocessOptions,
): Promise<StoredCase> {
  try {
    const { id, dataset, image, groups } = studyCase;
    const without = "label" in studyCase ? studyCase.without : undefined;
    const labelSet = "label" in studyCase ? studyCase.labelSet : [];
    const masked = "label" in studyCase ? await loadMasked(studyCase) : await blankMap(image);
    const input = { image, labelSet, masked, preprocessing: options.preprocessing };
    const folder = join(options.folder, await contentHash(input));
    const { files: _, ...stored } = await readWhole(folder, options) ?? await store(folder, input);
    const arrays = { image: join(folder, "image"), labels: join(folder, "labels") };
    return {
      id,
      dataset,
      pseudoSet: [],
      ...arrays,
      ...stored,
      ...groups && { groups },
      ...without && { without },
    };
  } catch (error) {
    throw new Error(`Cannot preprocess case ${studyCase.id}: ${(error as Error).message}`, { cause: error });
  }
}

/** What is stored in a folder; nothing where there is none, or where it is damaged and was set aside. */
async function readWhole(
  folder: string,
  { onDamaged }: Pick<PreprocessOptions, "onDamaged">,
): Promise<CaseRecord | undefined> {
  const path = join(folder, "case.json");
  try {
    const text = await readTextIfThere(path);
    if (text === undefined) return undefined;
    const record = parseOwnJson(text, { schema: caseRecord, path, action: "read a stored case" });
    await requireFiles(folder, record.files ?? {});
    return record;
  } catch (error) {
    onDamaged?.(`${(error as Error).message}; it is made again`);
    await setAside(folder);
    return undefined;
  }
}

async function store(folder: string, input: PreprocessInput): Promise<CaseRecord> {
  await writeWholeFolder(folder, async (temporary) => {
    const { image, labels } = await preprocess(input);
    await writeStoredArray(join(temporary, "image"), image.data, image);
    await writeStoredArray(join(temporary, "labels"), labels.data, labels);
    const { labelSet } = input, locations = organLocations(labels.data, labelSet);
    const record: CaseRecord = {
      shape: image.shape,
      labelSet,
      locations,
      files: await hashesBelow(temporary),
    };
    await writeSealed(join(temporary, "case.json"), record);
  });
  const path = join(folder, "case.json");
  return parseOwnJson(await Deno.readTextFile(path), {
    schema: caseRecord,
    path,
    action: "read a stored case",
  });
}

/** The label map of a scan without labels: whatever organ a voxel is, it is none of an empty label set. */
async function blankMap(image: string): Promise<Scan<Uint8Array>> {
  const scan = await loadScan(image);
  return { ...scan, data: new Uint8Array(scan.data.length) };
}

async function contentHash({ image, labelSet, masked, preprocessing }: PreprocessInput): Promise<string> {
  const { spacingMm, intensity } = preprocessing;
  // Where a scan lies follows from its bytes, but for headers that contradict themselves, of which tools make one thing or another.
  const { affine, notes } = await readScanGrid(image);
  const odd = notes.length > 0 ? [affine] : [];
  const parameters = JSON.stringify([
    VERSION,
    spacingMm,
    intensity,
    labelSet,
    masked.shape,
    masked.affine,
    ...odd,
  ]);
  const hash = createHash("sha256").update(parameters).update(masked.data);
  for (const path of await filesOfScan(image)) hash.update(await Deno.readFile(path));
  return hash.digest("hex").slice(0, 32);
}

async function preprocess({ image: path, masked, preprocessing }: PreprocessInput) {
  const scan = await loadScan(path);
  const laid = laidOn(scan, masked), image = preprocessImage(scan, preprocessing);
  const labels = resampleLabels(toRas(laid), preprocessing.spacingMm);
  return { image, labels };
}

/**
 * Turns a scan to RAS+, resamples it (trilinear) and normalises its intensities: what a network sees of a scan, in
 * training and afterwards.
 *
 * @throws RangeError when a voxel is not finite, or all are one number afterwards
 */
export function preprocessImage(scan: Scan, { spacingMm, intensity }: Preprocessing): Volume<Float32Array> {
  assertFinite(scan);
  const resampled = resampleImage(toRas(scan), spacingMm);
  const data = normaliseIntensity(resampled.data, intensity);
  if (data.every((value) => value === data[0])) {
    const how = intensity.scheme === "ct" ? `, clipped to ${intensity.clipHu.join("…")} HU,` : "";
    throw new RangeError(`image${how} is constant: there is nothing to see (${scan.path})`);
  }
  return { ...resampled, data };
}

/**
 * Before resampling, which would spread what is not finite.
 *
 * @throws RangeError with the number of voxels that are not
 */
export function assertFinite({ data, path }: Scan): void {
  let bad = 0;
  for (let v = 0; v < data.length; v++) if (!Number.isFinite(Number(data[v]))) bad++;
  if (bad > 0) throw new RangeError(`every voxel must be finite, ${bad} of ${data.length} are not (${path})`);
}

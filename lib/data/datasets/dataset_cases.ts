/**
 * Finding a dataset's cases on disk, in either layout.
 *
 * @module
 */
import { basename, join } from "@std/path";
import type { DatasetFile } from "./dataset_json.ts";

/** A scan and its label map, as found. */
export interface CaseFiles {
  id: string;
  /** Path of the scan. */
  image: string;
  /** Path of the label map; absent for scans without one. */
  label?: string;
}

const ENDING = /\.nii(\.gz)?$/i;

/** `./imagesTr/liver_01.nii.gz` → `liver_01`; `liver_01_0000.nii.gz` too. */
export function caseId(path: string): string {
  return basename(path).replace(ENDING, "").replace(/_0000$/, "");
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The Decathlon's list. Images that nnU-Net v1 renamed to `<case>_0000` are found under that name. */
async function listedCases(folder: string, file: DatasetFile): Promise<CaseFiles[]> {
  return await Promise.all((file.training ?? []).map(async ({ image, label }) => {
    const listed = join(folder, image);
    const renamed = listed.replace(ENDING, (ending: string) => `_0000${ending}`);
    const path = !await exists(listed) && await exists(renamed) ? renamed : listed;
    return { id: caseId(image), image: path, label: label === undefined ? undefined : join(folder, label) };
  }));
}

async function fileNames(folder: string, ending: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (!entry.isDirectory && entry.name.endsWith(ending) && !entry.name.startsWith(".")) {
        names.push(entry.name);
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

/** nnU-Net v2: whatever lies in `imagesTr` (`<case>_0000<ending>`) and `labelsTr` (`<case><ending>`). */
async function scannedCases(folder: string, file: DatasetFile, problems: string[]): Promise<CaseFiles[]> {
  const ending = file.file_ending ?? ".nii.gz";
  if (!ENDING.test(ending)) {
    problems.push(`file_ending: must be .nii or .nii.gz, is ${ending}; convert the scans to NIfTI first`);
    return [];
  }
  const images = await fileNames(join(folder, "imagesTr"), ending);
  const labels = new Set(await fileNames(join(folder, "labelsTr"), ending));
  if (images.length === 0) problems.push(`imagesTr: no file ending in ${ending}`);
  const cases: CaseFiles[] = [];
  for (const image of images) {
    const stem = image.slice(0, -ending.length);
    const id = stem.replace(/_\d{4}$/, "");
    const channel = id === stem ? undefined : stem.slice(id.length + 1);
    if (channel !== undefined && channel !== "0000") {
      problems.push(`imagesTr/${image}: scans must have one channel, this is channel ${Number(channel)}`);
      continue;
    }
    const label = labels.has(id + ending) ? join(folder, "labelsTr", id + ending) : undefined;
    cases.push({ id, image: join(folder, "imagesTr", image), label });
  }
  const known = new Set(cases.map(({ id }) => id));
  for (const label of labels) {
    if (!known.has(caseId(label))) problems.push(`labelsTr/${label}: has no scan in imagesTr`);
  }
  return cases;
}

/** All cases, in the file's order (Decathlon) or by name (nnU-Net v2). */
export async function findCases(folder: string, file: DatasetFile, problems: string[]): Promise<CaseFiles[]> {
  const cases = file.training ? await listedCases(folder, file) : await scannedCases(folder, file, problems);
  const seen = new Set<string>();
  for (const { id } of cases) {
    if (seen.has(id)) problems.push(`case ${id} is listed twice`);
    seen.add(id);
  }
  return cases;
}

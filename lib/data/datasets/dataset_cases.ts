/**
 * Finding a dataset's cases on disk, in either layout.
 *
 * @module
 */
import { basename, isAbsolute, join, relative } from "@std/path";
import { SCAN_ENDING } from "../../imaging/scan_files.ts";
import { exists } from "../../files/whole_folder.ts";
import type { DatasetFile } from "./dataset_json.ts";

/** A scan and its label map, as found. */
export interface CaseFiles {
  id: string;
  /** Path of the scan. */
  image: string;
  /** Path of the label map; absent for scans without one. */
  label?: string;
}

/** Where what is found odd goes: problems are errors, notes are not. */
export interface Findings {
  problems: string[];
  notes: string[];
}

/** `./imagesTr/liver_01.nii.gz` → `liver_01`; `liver_01_0000.nii.gz` too. */
export function caseId(path: string): string {
  return basename(path.replaceAll("\\", "/")).replace(SCAN_ENDING, "").replace(/_0000$/, "");
}

/**
 * The file that a dataset.json lists: absolute paths are taken as they are, and what Windows wrote with backslashes is read so where no
 * file has them in its name.
 */
async function listedPath(folder: string, listed: string): Promise<string> {
  const placed = (path: string) => isAbsolute(path) ? path : join(folder, path);
  if (!listed.includes("\\") || await exists(placed(listed))) return placed(listed);
  return placed(listed.replaceAll("\\", "/"));
}

/** The Decathlon's list. Images that nnU-Net v1 renamed to `<case>_0000` are found under that name. */
async function listedCases(
  folder: string,
  training: NonNullable<DatasetFile["training"]>,
): Promise<CaseFiles[]> {
  return await Promise.all(training.map(async ({ image: file, label }) => {
    const image = oneFile(file), listed = await listedPath(folder, image);
    const renamed = listed.replace(SCAN_ENDING, (ending: string) => `_0000${ending}`);
    const path = !await exists(listed) && await exists(renamed) ? renamed : listed;
    return caseOf(caseId(image), path, label === undefined ? undefined : await listedPath(folder, label));
  }));
}

/** nnU-Net v2's `dataset`: each case's files by its name. */
async function namedCases(
  folder: string,
  dataset: NonNullable<DatasetFile["dataset"]>,
): Promise<CaseFiles[]> {
  return await Promise.all(
    Object.entries(dataset).map(async ([id, { images, label }]) => {
      const image = await listedPath(folder, oneFile(images));
      return caseOf(id, image, label === undefined ? undefined : await listedPath(folder, label));
    }),
  );
}

const oneFile = (file: string | readonly [string]) => typeof file === "string" ? file : file[0];

function caseOf(id: string, image: string, label?: string): CaseFiles {
  return { id, image, ...label !== undefined && { label } };
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

/**
 * nnU-Net v2: whatever lies in `imagesTr` (`<case>_0000<ending>`) and `labelsTr` (`<case><ending>`). An image whose label map has the very same
 * name is of that case, though the name may end like a channel.
 */
async function scannedCases(folder: string, file: DatasetFile, problems: string[]): Promise<CaseFiles[]> {
  const ending = file.file_ending ?? ".nii.gz";
  if (!SCAN_ENDING.test(ending)) {
    problems.push(
      `file_ending: must be .nii.gz, .nii, .nrrd, .mha or .mhd, is ${ending}; convert the scans to NIfTI first`,
    );
    return [];
  }
  const images = await fileNames(join(folder, "imagesTr"), ending);
  const labels = new Set(await fileNames(join(folder, "labelsTr"), ending));
  if (images.length === 0) {
    problems.push(`imagesTr: no file ending in ${ending}, and neither "training" nor "dataset" lists cases`);
  }
  const cases: CaseFiles[] = [], used = new Set<string>();
  for (const image of images) {
    const stem = image.slice(0, -ending.length);
    const id = labels.has(image) ? stem : stem.replace(/_\d{4}$/, "");
    const channel = id === stem ? undefined : stem.slice(id.length + 1);
    if (channel !== undefined && channel !== "0000") {
      problems.push(`imagesTr/${image}: scans must have one channel, this is channel ${Number(channel)}`);
      continue;
    }
    used.add(id + ending);
    const label = labels.has(id + ending) ? join(folder, "labelsTr", id + ending) : undefined;
    cases.push(caseOf(id, join(folder, "imagesTr", image), label));
  }
  for (const label of labels) {
    if (!used.has(label)) problems.push(`labelsTr/${label}: has no scan in imagesTr`);
  }
  return cases;
}

/** Bytes of an id: predictions are files that are called by it, with a folder's name before and an ending behind, of 255 at most. */
const LONGEST_ID = 180;

/** What keeps an id from being a file's name, a cell of a table that spreadsheets open, or a word on a terminal. */
function oddId(id: string): string | undefined {
  if (id === "" || id === "." || id === ".." || /[/\\]/.test(id)) {
    return "be the name of a file, not of a folder";
  }
  if (/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(id)) return "have no control characters";
  if (/^[=+@-]/.test(id)) return "not begin like a formula, with =, +, - or @";
  const bytes = new TextEncoder().encode(id).length;
  return bytes > LONGEST_ID ? `have ${LONGEST_ID} bytes at most, has ${bytes}` : undefined;
}

/** All cases, in the file's order (lists) or by name (folders). */
export async function findCases(
  folder: string,
  file: DatasetFile,
  { problems, notes }: Findings,
): Promise<CaseFiles[]> {
  const { training = [], dataset = {} } = file;
  const cases = training.length > 0
    ? await listedCases(folder, training)
    : Object.keys(dataset).length > 0
    ? await namedCases(folder, dataset)
    : await scannedCases(folder, file, problems);
  const seen = new Set<string>();
  for (const { id } of cases) {
    if (seen.has(id)) problems.push(`case ${id} is listed twice`);
    seen.add(id);
    const odd = oddId(id);
    if (odd) problems.push(`case ${JSON.stringify(id)}: its id must ${odd}`);
  }
  const outside = cases.flatMap(({ image, label = image }) => [image, label]).filter((path) =>
    relative(folder, path).startsWith("..")
  );
  if (outside.length > 0) {
    notes.push(
      `${outside.length} files that are listed lie outside of the dataset's folder, the first is ${
        outside[0]
      }`,
    );
  }
  return cases;
}

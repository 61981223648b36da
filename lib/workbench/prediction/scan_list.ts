/**
 * Which scans to segment and where their label maps go, with every problem told before anything is computed.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { assertFinite } from "../../data/store/preprocess.ts";
import { loadScan } from "../../imaging/load_scan.ts";
import { SCAN_ENDING } from "../../imaging/scan_files.ts";
import { withBar } from "../../terminal/progress_bar.ts";

/** A scan and the label map to be. */
export interface ScanToSegment {
  scan: string;
  prediction: string;
}

export interface ScanListOptions {
  /** Folder of the label maps; it need not be there yet. */
  out: string;
  /** Replace label maps that are there already. Scans are never replaced. @default false */
  overwrite?: boolean;
}

/** Of a .hdr/.img pair the header stands for both. */
const isScan = (name: string) => SCAN_ENDING.test(name) || /\.hdr(\.gz)?$/i.test(name);

/**
 * Lists the scans of files and folders. A label map has its scan's file name; those of a .hdr/.img pair, of NRRD and of MetaImage end in .nii.gz.
 *
 * @param paths scans, and folders whose scans are meant
 * @throws Error with every missing or unreadable scan and every file that would be overwritten
 */
export async function listScans(
  paths: readonly string[],
  { out, overwrite = false }: ScanListOptions,
): Promise<ScanToSegment[]> {
  const problems: string[] = [];
  const place = await Deno.stat(out).catch(() => undefined);
  if (place && !place.isDirectory) {
    problems.push(`--out must be a folder, there is a file of that name (${out})`);
  } else if (!place && isScan(out)) problems.push(`--out must be a folder, its name is a scan's (${out})`);
  const scans = await findScans(paths, problems);
  const inputs = new Map(
    await Promise.all(scans.map(async (scan) => [await Deno.realPath(scan), scan] as const)),
  );
  const list = scans.map((scan) => ({ scan, prediction: join(out, predictionName(scan)) }));
  for (const [prediction, group] of Map.groupBy(list, (entry) => entry.prediction)) {
    if (group.length > 1) {
      problems.push(`${prediction} would be written for each of ${group.map(({ scan }) => scan).join(", ")}`);
    }
    const there = await Deno.realPath(prediction).catch(() => undefined);
    if (there === undefined) continue;
    if (inputs.has(there)) {
      problems.push(`${prediction} is a scan to segment; choose another folder for --out`);
    } else if (!overwrite) problems.push(`${prediction} is there already; --overwrite replaces label maps`);
  }
  await checkScans(scans, problems);
  if (problems.length > 0) {
    throw new Error(`Cannot predict:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }
  return list;
}

async function findScans(paths: readonly string[], problems: string[]): Promise<string[]> {
  const scans: string[] = [];
  for (const path of new Set(paths)) {
    const found = await Deno.stat(path).catch(() => undefined);
    if (!found) problems.push(`there is no such file (${path})`);
    else if (!found.isDirectory) scans.push(path);
    else {
      const names: string[] = [];
      for await (const { name, isDirectory } of Deno.readDir(path)) {
        if (!isDirectory && isScan(name) && !name.startsWith(".")) names.push(name);
      }
      if (names.length === 0) {
        problems.push(
          `no file of the folder ends in .nii, .nii.gz, .hdr, .nrrd, .nhdr, .mha or .mhd (${path})`,
        );
      }
      scans.push(...names.sort().map((name) => join(path, name)));
    }
  }
  return scans;
}

function predictionName(scan: string): string {
  const stem = basename(scan).replace(SCAN_ENDING, "").replace(/\.(hdr|img)(\.gz)?$/i, "");
  return stem + (/\.nii$/i.test(scan) ? ".nii" : ".nii.gz");
}

/** Reads every scan once: a broken file shall not be found hours later. */
async function checkScans(scans: readonly string[], problems: string[]): Promise<void> {
  await withBar("checking scans", async (onProgress) => {
    for (const [index, path] of scans.entries()) {
      try {
        const scan = await loadScan(path);
        for (const note of scan.notes) console.error(`Note: ${note} (${path})`);
        assertFinite(scan);
      } catch (error) {
        problems.push((error as Error).message);
      }
      onProgress(index + 1, scans.length);
    }
  });
}

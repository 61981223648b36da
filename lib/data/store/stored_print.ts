/**
 * Prints of scans that were taken before.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { loadScan } from "../../imaging/load_scan.ts";
import { printOf, type ScanPrint } from "../../imaging/prints/scan_print.ts";
import { writeSealed } from "../../files/seal.ts";
import { readTextIfThere } from "../../files/whole_file.ts";
import { parseOwnJson } from "../own_json.ts";
import { type HashFile, hashOfFile } from "../../imaging/scan_hash.ts";

/** Raise it when the same scan would give another print. */
const VERSION = 2;

const schema = z.object({
  voxels: z.string(),
  rows: z.array(z.int()),
  cells: z.record(z.string(), z.number()),
}) satisfies z.ZodType<ScanPrint>;

export interface StoredPrintOptions {
  /** Of the preprocessed store. */
  folder: string;
  /** @default hashOfFile */
  hashFile?: HashFile;
}

/** The print of a scan's file, from the store or taken and stored; one that is damaged is taken again. */
export async function storedPrint(
  image: string,
  { folder, hashFile = hashOfFile }: StoredPrintOptions,
): Promise<ScanPrint> {
  const path = join(folder, `prints_${VERSION}`, `${await hashFile(image)}.json`);
  try {
    const text = await readTextIfThere(path);
    if (text !== undefined) return parseOwnJson(text, { schema, path, action: "read a scan's print" });
  } catch {
    // It says nothing that cannot be had again.
  }
  const print = printOf(await loadScan(image));
  await writeSealed(path, print);
  return print;
}

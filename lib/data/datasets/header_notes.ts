/**
 * What is odd in the headers of a study's files, before anything else is read of them.
 *
 * @module
 */
import { readScanGrid } from "../../imaging/load_scan.ts";
import { ScanError } from "../../imaging/scan_error.ts";

export interface HeaderNotes {
  /** One line a kind of oddity: what was made of it, in the first of the files, and in how many it is. */
  notes: string[];
  /** One line a file that cannot be read as a scan, or not by somebody who can be one. */
  problems: string[];
}

/** Reads the headers of files. */
export async function headerNotes(paths: Iterable<string>): Promise<HeaderNotes> {
  const found: { path: string; note: string }[] = [], problems: string[] = [];
  for (const path of new Set(paths)) {
    try {
      const { notes } = await readScanGrid(path, { plausible: true });
      found.push(...notes.map((note) => ({ path, note })));
    } catch (error) {
      if (!(error instanceof ScanError)) throw error;
      problems.push(error.message);
    }
  }
  return { notes: [...summarised(found)], problems };
}

/** Notes that differ in numbers alone are one kind. */
function* summarised(found: readonly { path: string; note: string }[]): Generator<string> {
  for (const like of Map.groupBy(found, ({ note }) => note.replace(/[\d.]+/g, "#")).values()) {
    const [{ path, note }] = like as [{ path: string; note: string }];
    yield `${path}: ${note}${like.length > 1 ? ` (so in ${like.length} files)` : ""}`;
  }
}

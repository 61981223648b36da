/**
 * One scan in two roles, whatever folders it is found in: a dataset of links, such as of scribbles, has other names and other people, and
 * the same scans.
 *
 * @module
 */
import type { Assignment } from "./splits.ts";

/** A case in a role, and its scan. */
export interface PlacedScan extends Pick<Assignment, "role" | "dataset" | "id"> {
  /** Path of the scan, perhaps of a link to it. */
  image: string;
}

/** One line for each file that is the scan of cases in more than one of training, validation and test, under other paths. */
export async function sameScanProblems(scans: readonly PlacedScan[]): Promise<string[]> {
  const files = await Promise.all(
    // What is not there is told elsewhere.
    scans.map(async (scan) => ({ ...scan, file: await Deno.realPath(scan.image).catch(() => scan.image) })),
  );
  return [...Map.groupBy(files, ({ file }) => file)].flatMap(([file, own]) => {
    // Of one path the people are compared, by splits.ts.
    if (new Set(own.map(({ role }) => role)).size < 2 || new Set(own.map(({ image }) => image)).size < 2) {
      return [];
    }
    const places = own.map(({ role, dataset, id }) => `${role} of ${dataset} (${id})`);
    return [`the scan ${file} is in ${[...new Set(places)].join(" and in ")}`];
  });
}

/**
 * One scan in two roles, whatever folders it is found in: a dataset of links, such as of scribbles, has other names and other people, and
 * the same scans; and public datasets overlap, with other files, crops and spacings.
 *
 * @module
 */
import { findSameScans } from "../datasets/same_scans.ts";
import { isForced } from "../../imaging/forced.ts";
import type { ScanPrint } from "../../imaging/prints/scan_print.ts";
import type { Assignment } from "./splits.ts";
import type { Study, StudyScan } from "./study.ts";

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

/** What two scans of a study being one means for it. */
export interface SameScanReport {
  /** They are in more than one of training, validation and test. */
  problems: string[];
  /** They have one role, or only look alike and are taken as they are. */
  warnings: string[];
}

/**
 * Scans that are known again by their voxels.
 *
 * @param printOf of a scan by its path; nothing where it cannot be read, which is told elsewhere
 */
export async function sameScansInStudy(
  { datasets, test }: Pick<Study, "datasets" | "test">,
  printOf: (image: string) => Promise<ScanPrint | undefined>,
): Promise<SameScanReport> {
  const inRole = (role: Assignment["role"], scans: readonly StudyScan[]) =>
    scans.map((scan) => ({ role, scan }));
  const all = [
    ...datasets.flatMap(({ training, validation, unlabelled = [] }) => [
      ...inRole("training", [...training, ...unlabelled]),
      ...inRole("validation", validation),
    ]),
    ...inRole("test", test),
  ];
  const scans = [];
  for (const { role, scan: { id, dataset, subject, image } } of all) {
    const print = await printOf(image), file = await Deno.realPath(image).catch(() => image);
    if (print) scans.push({ role, name: `${id} of ${dataset}`, subject, file, print });
  }
  const problems: string[] = [], warnings: string[] = [];
  for (const { pair: [one, other], how, message } of findSameScans(scans)) {
    if (one.role === other.role || (how === "cells" && isForced())) warnings.push(message);
    else {
      const way = how === "cells" ? ", or take them as two with --force" : "";
      problems.push(
        `${message}, one in ${one.role}, the other in ${other.role}: leave one of them out of its dataset.json${way}`,
      );
    }
  }
  return { problems, warnings };
}

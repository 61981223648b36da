/**
 * One scan under two names: public datasets overlap, and what is learnt from must not be what is tested.
 *
 * @module
 */
import { type Likeness, likeness } from "../../imaging/prints/same_print.ts";
import type { ScanPrint } from "../../imaging/prints/scan_print.ts";

/** A scan, and where it was met. */
export interface PrintedScan {
  /** What a person knows it by, such as `case_1 of Liver`. */
  name: string;
  /** The person: two scans of one may look alike. */
  subject: string;
  /** Path that no link leads to: two of one are meant to be one. @default they are told to be one scan */
  file?: string;
  print: ScanPrint;
}

const KNOWN_BY: Record<Likeness, string> = {
  voxels: "are one scan: all their voxels are the same",
  rows: "are one scan, or parts of one: they have rows of voxels in common",
  cells: "look like one scan, perhaps resampled: they are light and dark at the same places",
};

/** A pair of one scan. */
export interface SameScan<T extends PrintedScan> {
  pair: [T, T];
  how: Likeness;
  /** Which two they are and how that is known, as a sentence without a full stop. */
  message: string;
}

/** Every pair of one scan; of one person's only those that are the same in part, not those that only look alike. */
export function findSameScans<T extends PrintedScan>(scans: readonly T[]): SameScan<T>[] {
  return scans.flatMap((one, index) =>
    scans.slice(index + 1).flatMap((other): SameScan<T>[] => {
      if (one.file !== undefined && one.file === other.file) return [];
      const how = likeness(one.print, other.print);
      if (!how || (how === "cells" && one.subject === other.subject)) return [];
      return [{ pair: [one, other], how, message: `${one.name} and ${other.name} ${KNOWN_BY[how]}` }];
    })
  );
}

/**
 * Whether two prints are of one scan.
 *
 * @module
 */
import { sampleCorrelation } from "simple-statistics";
import type { CellMeans } from "./cell_means.ts";
import type { ScanPrint } from "./scan_print.ts";

/** How it is known: by all voxels, by rows of them that both have, or by means in cells of the world that rise and fall together. */
export type Likeness = "voxels" | "rows" | "cells";

/** One may meet by chance, in scans of few values; crops to an eighth of a whole share more than these, but for the smallest. */
const LEAST_ROWS = 3;

/**
 * Cells that two scans must have in common, and how they must correlate: more than two people's organs in one place do, less than what
 * resampling to twice the spacing leaves, unless slices are thicker than a cell.
 */
const LEAST_CELLS = 64, LEAST_CORRELATION = 0.98, HOPELESS = 0.8;

/** The surest likeness of two prints; nothing where they are of two scans, as far as can be told. */
export function likeness(a: ScanPrint, b: ScanPrint): Likeness | undefined {
  if (a.voxels === b.voxels) return "voxels";
  if (sharedRows(a.rows, b.rows) >= LEAST_ROWS) return "rows";
  return correlation(a.cells, b.cells) >= LEAST_CORRELATION ? "cells" : undefined;
}

/** How many of the least hashes of both together both have. */
function sharedRows(a: readonly number[], b: readonly number[]): number {
  const wanted = Math.min(a.length, b.length);
  let shared = 0;
  for (let i = 0, j = 0, seen = 0; seen < wanted; seen++) {
    const difference = a[i]! - b[j]!;
    if (difference === 0) shared++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return shared;
}

/** Of a scan's range of cells what is dark: air round a person looks alike in everybody's scans. */
const DARK = 0.1;

function darkestOf(cells: CellMeans): number {
  let [low, high] = [Infinity, -Infinity];
  for (const place in cells) {
    low = Math.min(low, cells[place]!);
    high = Math.max(high, cells[place]!);
  }
  return low + DARK * (high - low);
}

/** Pearson's of the cells that both have and that are dark in neither; 0 where they are too few to tell, NaN where they are all alike. */
function correlation(a: CellMeans, b: CellMeans): number {
  const x: number[] = [], y: number[] = [], darkA = darkestOf(a), darkB = darkestOf(b);
  for (const place in a) {
    const one = a[place]!, other = b[place];
    if (other === undefined || one < darkA || other < darkB) continue;
    x.push(one);
    y.push(other);
    // Of a thousand scans there are half a million pairs: most are told apart by a few cells, which are drawn from all over the scan.
    if (x.length === LEAST_CELLS && sampleCorrelation(x, y) < HOPELESS) return 0;
  }
  return x.length < LEAST_CELLS ? 0 : sampleCorrelation(x, y);
}

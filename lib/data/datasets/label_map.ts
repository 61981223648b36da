/**
 * Label maps as their files have them: whole numbers, of which a dataset declares some.
 *
 * @module
 */
import { loadScan, type Scan } from "../../imaging/load_scan.ts";
import type { Dataset } from "./dataset.ts";
import type { VoxelArray } from "../../imaging/volume.ts";

/**
 * A value so near to a whole number is taken for it, everywhere; one that is farther away is an error. Editors that keep a label map as
 * scaled bytes miss by up to half of a step: of labels up to 25 in 255 steps 0.05.
 */
export const LABEL_TOLERANCE = 0.05;

/** A voxel's value and how many voxels are like it. */
export interface ValueCount {
  value: number;
  count: number;
}

/** Values that are no labels. */
export interface OddValues {
  /** Voxels with one of them. */
  count: number;
  /** The first of them. */
  example: number;
}

/**
 * A label map's values as the whole numbers that were meant.
 *
 * @returns whole numbers, in the array that was given where they are so already; `odd` where voxels are too far from one, which are 0 then
 */
export function wholeLabels(data: VoxelArray): { labels: VoxelArray; odd?: OddValues } {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return { labels: data };
  const labels = new Int32Array(data.length);
  let odd: OddValues | undefined;
  for (let v = 0; v < data.length; v++) {
    const value = data[v]!, whole = Math.round(value);
    // The first comparison is false of NaN, the second of what 32 bits cannot hold.
    if (Math.abs(value - whole) <= LABEL_TOLERANCE && (whole | 0) === whole) labels[v] = whole;
    else if (odd) odd.count++;
    else odd = { count: 1, example: value };
  }
  return { labels, ...odd && { odd } };
}

/** What is wrong with such values, as the end of a sentence. */
export function oddValuesText({ count, example }: OddValues, voxels: number): string {
  return `label map must have whole numbers, ${count} of ${voxels} voxels are more than ${LABEL_TOLERANCE} away from one, as ${example}`;
}

/**
 * Reads a label map.
 *
 * @throws Error as loadScan; when voxels are too far from whole numbers, or not finite
 */
export async function loadLabelMap(path: string): Promise<Scan> {
  const scan = await loadScan(path), { labels, odd } = wholeLabels(scan.data);
  if (odd) throw new Error(`Cannot read label map: ${oddValuesText(odd, labels.length)} (${path})`);
  return { ...scan, data: labels };
}

/** Different values beyond which the rest is only counted: a scan put in for a label map has as many as voxels. */
const MOST_VALUES = 1000;

export interface LabelCounts {
  /** Voxels by value. */
  counts: Map<number, number>;
  /** Voxels of further values. */
  others: number;
}

/** Counts the voxels of each value. */
export function countLabels(labels: VoxelArray): LabelCounts {
  const counts = new Map<number, number>();
  let others = 0;
  // Neighbouring voxels are mostly equal, so runs are counted.
  for (let start = 0; start < labels.length;) {
    const value = labels[start]!;
    let end = start + 1;
    while (end < labels.length && labels[end] === value) end++;
    const known = counts.get(value);
    if (known !== undefined || counts.size < MOST_VALUES) counts.set(value, (known ?? 0) + end - start);
    else others += end - start;
    start = end;
  }
  return { counts, others };
}

/** What a dataset's label maps may hold: values of organs, and that of voxels that are not annotated. */
export function declaredValues({ labels, ignored }: Pick<Dataset, "labels" | "ignored">): number[] {
  return [...labels.keys(), ...ignored === undefined ? [] : [ignored]];
}

/** Which values a dataset does not declare, or nothing; as the end of a sentence. */
export function undeclaredText(
  { counts, others }: LabelCounts,
  declared: Iterable<number>,
): string | undefined {
  const known = new Set([0, ...declared]);
  const undeclared = [...counts].filter(([value]) => !known.has(value));
  if (undeclared.length === 0 && others === 0) return undefined;
  const few = undeclared.slice(0, 5).map(([value, count]) => `${value} (${count} voxels)`).join(", ");
  const more = undeclared.length > 5 ? ` and ${undeclared.length - 5}${others > 0 ? " or" : ""} more` : "";
  return `label map has values that are not declared: ${few}${more}`;
}

/**
 * Refuses what a dataset does not declare: nobody knows what it is, and training would take it for background.
 *
 * @param declared values of organs, and of voxels that are not annotated
 * @throws Error with the values and their voxels
 */
export function requireDeclared(
  { data, path }: Pick<Scan, "data" | "path">,
  declared: readonly number[],
): void {
  const problem = undeclaredText(countLabels(data), declared);
  if (problem) throw new Error(`${problem}; declare them in dataset.json, or mend the map (${path})`);
}

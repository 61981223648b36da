/**
 * What a plan needs to know of a dataset's scans.
 *
 * @module
 */
import { headerNotes } from "../datasets/header_notes.ts";
import { InvalidFileError } from "../json_file.ts";
import { laidOn } from "../datasets/same_grid.ts";
import { loadScan } from "../../imaging/load_scan.ts";
import { toRas } from "../../imaging/orientation.ts";
import { type Shape, type Spacing, spacingOf } from "../../imaging/volume.ts";
import type { Dataset, DatasetCase } from "../datasets/dataset.ts";
import { countLabels, declaredValues, loadLabelMap, undeclaredText } from "../datasets/label_map.ts";
import { createRandom, type RandomGenerator, uniform } from "../random.ts";

export interface Fingerprint {
  dataset: Dataset;
  /** Of every scan, RAS+. */
  shapes: Shape[];
  /** Of every scan, RAS+, mm. */
  spacings: Spacing[];
  /** Intensities in annotated organs, as many from each scan. */
  foreground: number[];
  /** What is odd in the files' headers, see header_notes.ts. */
  notes: string[];
  /** Of every scan, its least and its largest intensity. */
  ranges: { image: string; low: number; high: number }[];
  /** Least intensity of all scans, whatever they are of there. */
  lowest: number;
  /** Organs with a voxel in some label map. */
  present: Set<string>;
}

export interface FingerprintOptions {
  /** Called after every case. */
  onProgress?: (done: number, total: number) => void;
}

/** Foreground voxels drawn from a scan: enough for percentiles over a dataset, and no scan counts more for its size. */
const SAMPLES = 500;

/** So many intensities under the mask's annotated labels, with replacement. */
function sampleForeground(
  { image, labels }: { image: ArrayLike<number>; labels: ArrayLike<number> },
  { annotated, random }: { annotated: ReadonlySet<number>; random: RandomGenerator },
): number[] {
  const isInside = (voxel: number) => labels[voxel] !== 0 && annotated.has(labels[voxel]!);
  let inside = 0;
  for (let voxel = 0; voxel < labels.length; voxel++) if (isInside(voxel)) inside++;
  if (inside === 0) return [];
  // Which of the voxels inside, in their order: a list of all of them would be as long as the scan.
  const drawn = Array.from({ length: SAMPLES }, () => Math.floor(uniform(random, [0, inside])));
  const order = drawn.map((_, i) => i).sort((a, b) => drawn[a]! - drawn[b]!);
  const found: number[] = [];
  for (let voxel = 0, nth = 0, next = 0; next < SAMPLES; voxel++) {
    if (!isInside(voxel)) continue;
    for (; next < SAMPLES && drawn[order[next]!] === nth; next++) found[order[next]!] = image[voxel]!;
    nth++;
  }
  return found;
}

function rangeOf(data: ArrayLike<number>): { low: number; high: number } {
  let low = Infinity, high = -Infinity;
  for (let voxel = 0; voxel < data.length; voxel++) {
    const value = data[voxel]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/**
 * Opens all labelled scans of a dataset.
 *
 * @throws {InvalidFileError} with every file that cannot be read or does not lie on its scan
 */
export async function takeFingerprint(
  dataset: Dataset,
  options: FingerprintOptions = {},
): Promise<Fingerprint> {
  const { folder } = dataset;
  const found: Fingerprint = {
    dataset,
    shapes: [],
    spacings: [],
    foreground: [],
    ranges: [],
    lowest: Infinity,
    present: new Set(),
    notes: [],
  };
  const labelled = dataset.cases.filter(({ label }) => label !== undefined);
  const { notes, problems } = await headerNotes(labelled.flatMap(({ image, label }) => [image, label!]));
  if (problems.length > 0) throw new InvalidFileError(folder, problems, "dataset");
  found.notes.push(...dataset.notes ?? [], ...notes);
  for (const [index, one] of labelled.entries()) {
    try {
      await measure(one, found);
    } catch (error) {
      problems.push(`case ${one.id}: ${(error as Error).message}`);
    }
    options.onProgress?.(index + 1, labelled.length);
  }
  if (problems.length > 0) throw new InvalidFileError(folder, problems, "dataset");
  return found;
}

/** Adds a case to what was found. */
async function measure({ id, image, label, annotated }: DatasetCase, found: Fingerprint): Promise<void> {
  const { dataset } = found;
  const scan = await loadScan(image), map = await loadLabelMap(label!), labels = laidOn(scan, map);
  const counted = countLabels(map.data), undeclared = undeclaredText(counted, declaredValues(dataset));
  if (undeclared) {
    found.notes.push(`case ${id}: ${undeclared}; nothing is trained on such a map: mend it, or dataset.json`);
  }
  const { shape, affine } = toRas(scan);
  found.shapes.push(shape);
  found.spacings.push(spacingOf(affine));
  const shown = new Map([...dataset.labels].filter(([, name]) => annotated.includes(name)));
  const drawn = sampleForeground(
    { image: scan.data, labels: labels.data },
    { annotated: new Set(shown.keys()), random: createRandom("fingerprint", id) },
  );
  for (const value of drawn) if (Number.isFinite(value)) found.foreground.push(value);
  const range = rangeOf(scan.data);
  found.ranges.push({ image, ...range });
  found.lowest = Math.min(found.lowest, range.low);
  for (const value of counted.counts.keys()) if (shown.has(value)) found.present.add(shown.get(value)!);
}

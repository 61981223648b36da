/**
 * What a plan needs to know of a dataset's scans.
 *
 * @module
 */
import { headerNotes } from "../datasets/header_notes.ts";
import { InvalidFileError } from "../json_file.ts";
import { loadScan } from "../../imaging/load_scan.ts";
import { toRas } from "../../imaging/orientation.ts";
import { type Shape, type Spacing, spacingOf } from "../../imaging/volume.ts";
import { type Dataset, readDataset } from "../datasets/dataset.ts";
import { declaredValues, loadLabelMap, requireDeclared } from "../datasets/label_map.ts";
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
  /** Least intensity of all scans, whatever they are of there. */
  lowest: number;
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

function least(data: ArrayLike<number>): number {
  let least = Infinity;
  for (let voxel = 0; voxel < data.length; voxel++) if (data[voxel]! < least) least = data[voxel]!;
  return least;
}

/**
 * Opens all labelled scans of a dataset.
 *
 * @throws what readDataset and loadScan throw: check the data first
 */
export async function takeFingerprint(
  folder: string,
  options: FingerprintOptions = {},
): Promise<Fingerprint> {
  const dataset = await readDataset(folder);
  const found: Fingerprint = {
    dataset,
    shapes: [],
    spacings: [],
    foreground: [],
    lowest: Infinity,
    notes: [],
  };
  const labelled = dataset.cases.filter(({ label }) => label !== undefined);
  const { notes, problems } = await headerNotes(labelled.flatMap(({ image, label }) => [image, label!]));
  if (problems.length > 0) throw new InvalidFileError(folder, problems, "dataset");
  found.notes.push(...notes);
  for (const [index, { id, image, label, annotated }] of labelled.entries()) {
    const scan = await loadScan(image);
    const labels = await loadLabelMap(label!);
    requireDeclared(labels, declaredValues(dataset));
    if (String(scan.shape) !== String(labels.shape)) {
      throw new Error(
        `Cannot measure ${id}: image and label map must have one shape; run check-data (${image})`,
      );
    }
    const { shape, affine } = toRas(scan);
    found.shapes.push(shape);
    found.spacings.push(spacingOf(affine));
    const values = [...dataset.labels].filter(([, name]) => annotated.includes(name)).map(([value]) => value);
    const random = createRandom("fingerprint", id);
    const drawn = sampleForeground(
      { image: scan.data, labels: labels.data },
      { annotated: new Set(values), random },
    );
    for (const value of drawn) if (Number.isFinite(value)) found.foreground.push(value);
    found.lowest = Math.min(found.lowest, least(scan.data));
    options.onProgress?.(index + 1, labelled.length);
  }
  return found;
}

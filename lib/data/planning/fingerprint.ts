/**
 * What a plan needs to know of a dataset's scans.
 *
 * @module
 */
import { loadScan } from "../../imaging/load_scan.ts";
import { toRas } from "../../imaging/orientation.ts";
import { type Shape, type Spacing, spacingOf } from "../../imaging/volume.ts";
import { type Dataset, readDataset } from "../datasets/dataset.ts";
import { createRandom, type RandomGenerator, uniform } from "../random.ts";

export interface Fingerprint {
  dataset: Dataset;
  /** Of every scan, RAS+. */
  shapes: Shape[];
  /** Of every scan, RAS+, mm. */
  spacings: Spacing[];
  /** Intensities in annotated organs, as many from each scan. */
  foreground: number[];
  /** Least intensity of all scans. */
  lowest: number;
}

export interface FingerprintOptions {
  /** Called after every case. */
  onProgress?: (done: number, total: number) => void;
}

/** Foreground voxels drawn from a scan: enough for percentiles over a dataset, and no scan counts more for its size. */
const SAMPLES = 500;

/** So many intensities under the mask's non-zero values, with replacement. */
function sampleForeground(
  { image, labels }: { image: ArrayLike<number>; labels: ArrayLike<number> },
  { annotated, random }: { annotated: ReadonlySet<number>; random: RandomGenerator },
): number[] {
  const inside: number[] = [];
  for (let voxel = 0; voxel < labels.length; voxel++) {
    const label = labels[voxel]!;
    if (label !== 0 && annotated.has(label)) inside.push(voxel);
  }
  if (inside.length === 0) return [];
  return Array.from(
    { length: SAMPLES },
    () => image[inside[Math.floor(uniform(random, [0, inside.length]))]!]!,
  );
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
  const found: Fingerprint = { dataset, shapes: [], spacings: [], foreground: [], lowest: Infinity };
  const labelled = dataset.cases.filter(({ label }) => label !== undefined);
  for (const [index, { id, image, label, annotated }] of labelled.entries()) {
    const scan = await loadScan(image);
    const labels = await loadScan(label!);
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
    for (const value of drawn) found.lowest = Math.min(found.lowest, value);
    options.onProgress?.(index + 1, labelled.length);
  }
  return found;
}

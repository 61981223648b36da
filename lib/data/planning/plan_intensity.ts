/**
 * How intensities are normalised.
 *
 * @module
 */
import { mean, quantileSorted, standardDeviation } from "simple-statistics";
import type { IntensityScheme } from "../cohorts/cohort.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** Where a dataset says nothing of its modality: only CT has air far below 0. */
const AIR_HU = -300;

function isCt({ dataset: { modality }, lowest }: Fingerprint): boolean {
  return modality === "unknown" ? lowest < AIR_HU : /\bct\b/i.test(modality);
}

/**
 * CT: clip to the 0.5 and 99.5 percentiles of the annotated organs' HU, then subtract their mean and divide by their
 * deviation (nnU-Net). Everything else: z-score by scan.
 *
 * @throws when some datasets are CT and others are not, or a CT dataset has no foreground
 */
export function planIntensity(fingerprints: readonly Fingerprint[]): IntensityScheme {
  const ct = fingerprints.filter(isCt);
  if (ct.length === 0) return { scheme: "mr" };
  if (ct.length < fingerprints.length) {
    const text = fingerprints.map((one) => `${one.dataset.name} ${one.dataset.modality}`).join(", ");
    throw new Error(`Cannot plan intensities: datasets must be all CT or none, they are: ${text}`);
  }
  // Datasets count alike, whatever their number of scans.
  const most = Math.min(...ct.map(({ foreground }) => foreground.length));
  if (most === 0) throw new Error("Cannot plan intensities: a dataset has no voxel of an annotated organ");
  const sample = ct.flatMap(({ foreground }) => {
    return Array.from(
      { length: most },
      (_, index) => foreground[Math.floor(index * foreground.length / most)]!,
    );
  }).sort((a, b) => a - b);
  const clipHu = [0.005, 0.995].map((share) => Math.round(quantileSorted(sample, share))) as [number, number];
  if (clipHu[0] === clipHu[1]) clipHu[1]++;
  const clipped = sample.map((value) => Math.min(clipHu[1], Math.max(clipHu[0], value)));
  const std = Math.max(1, Math.round(standardDeviation(clipped)));
  return { scheme: "ct", clipHu, mean: Math.round(mean(clipped)), std };
}

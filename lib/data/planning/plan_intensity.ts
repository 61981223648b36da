/**
 * How intensities are normalised.
 *
 * @module
 */
import { mean, quantileSorted, standardDeviation } from "simple-statistics";
import type { IntensityScheme } from "../cohorts/cohort.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** Where a dataset's words leave it open: only CT has air far below 0. */
const AIR_HU = -300;

/** Names of computed tomography, whatever the machine and the contrast. */
const CT = /^(cb|hr|md|ld|nc|ce|u)?ct[ap]?$|^cat$/;
const OTHERS =
  /^(mri?|t[12]w?|t2star|flair|dwi|adc|swi|pd|pet|suv|spect|us|ultrasound|xr|cr|dx|bold|cine|lge|fmri)$/;

/** Whether a dataset's scans are CT, and what that was guessed from, where its words leave it open. */
export function modalityOf(
  { dataset: { name, modality }, lowest }: Fingerprint,
): { ct: boolean; guess?: string } {
  const words = modality.toLowerCase().split(/[^a-z0-9]+/);
  const saysCt = words.some((word) => CT.test(word)) || /comput(ed|eri[sz]ed)\W*tomogra/i.test(modality);
  const saysOther = words.some((word) => OTHERS.test(word)) || /magnet/i.test(modality);
  if (saysCt !== saysOther) return { ct: saysCt };
  const ct = lowest < AIR_HU;
  return {
    ct,
    guess:
      `the channel of ${name} is called "${modality}": its scans are taken for ${
        ct ? "CT" : "no CT"
      }, since their least intensity is ` +
      `${Number(lowest.toPrecision(4))}; call it CT or MR in dataset.json to settle it`,
  };
}

/** How scans look to a network, as sentences that a person may want to put right. */
export function intensityNotes(fingerprints: readonly Fingerprint[]): string[] {
  return fingerprints.flatMap((one) => modalityOf(one).guess ?? []);
}

/** @throws Error when a scheme turns scans into one number */
function requireContrast(scheme: IntensityScheme, fingerprints: readonly Fingerprint[]): IntensityScheme {
  const [least, most] = scheme.scheme === "ct" ? scheme.clipHu : [-Infinity, Infinity];
  const seen = (value: number) => Math.min(most, Math.max(least, value));
  const flat = fingerprints.flatMap(({ ranges }) =>
    ranges.filter(({ low, high }) => seen(low) === seen(high))
  );
  if (flat.length === 0) return scheme;
  const [{ image, low, high }] = flat as [Fingerprint["ranges"][number]];
  const how = scheme.scheme === "ct"
    ? `clipped to ${least}…${most} HU, the range of the organs' intensities, ${flat.length} scans would be constant. If they are no CT, say so in dataset.json`
    : `${flat.length} scans are constant`;
  throw new Error(`Cannot plan intensities: ${how}; the first has ${low} to ${high} (${image})`);
}

/**
 * CT: clip to the 0.5 and 99.5 percentiles of the annotated organs' HU, then subtract their mean and divide by their
 * deviation (nnU-Net). Everything else: z-score by scan.
 *
 * @throws when some datasets are CT and others are not, a CT dataset has no foreground, or scans would be constant
 */
export function planIntensity(fingerprints: readonly Fingerprint[]): IntensityScheme {
  const ct = fingerprints.filter((one) => modalityOf(one).ct);
  if (ct.length === 0) return requireContrast({ scheme: "mr" }, fingerprints);
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
  return requireContrast({ scheme: "ct", clipHu, mean: Math.round(mean(clipped)), std }, fingerprints);
}

/**
 * Filters that drop doubtful pseudo labels. What is dropped becomes unlabelled in its case, never background.
 *
 * @module
 */
import { median } from "simple-statistics";
import { medianAbsoluteDeviation } from "../metrics/statistics.ts";

export interface FilterOptions {
  /** Least mean probability over the organ; 0 is off. */
  confidence: number;
  /** Least mean Dice between owners, or between a lone owner and its disturbed copies; 0 is off. */
  agreement: number;
  /**
   * Largest distance of the volume from the median true volume, in robust standard deviations; 0 is off. True volumes
   * without any spread, such as a single one, judge nothing.
   */
  volume: number;
  /** Share of each organ's pseudo labels, those with the strangest features, that is dropped; 0 is off. */
  outliers: number;
}

/** One pseudo-labelled organ of one case, and what is known of it. */
export interface Candidate {
  /** Voxels of the pseudo label. */
  voxels: number;
  /** Mean probability, 0…1. */
  confidence: number;
  /** Mean Dice between owners or copies; NaN when it was not measured. */
  agreement: number;
  /** Mahalanobis distance to the true organs' features; NaN when it was not measured. */
  distance: number;
}

/** Why a pseudo label was dropped, or "" for kept. */
export type Verdict = "" | "empty" | "confidence" | "agreement" | "volume" | "outlier";

/** MAD of a normal distribution times this is its standard deviation. */
const MAD_TO_STD = 1.4826;

/**
 * Judges all candidates of one organ. The first filter that objects is the verdict; outliers are counted among those
 * that passed the others.
 *
 * @param trueVoxels volumes of the organ's true labels on the same grid, voxels
 */
export function judge(
  candidates: readonly Candidate[],
  trueVoxels: readonly number[],
  { confidence, agreement, volume, outliers }: FilterOptions,
): Verdict[] {
  const centre = trueVoxels.length ? median(trueVoxels) : NaN;
  const spread = trueVoxels.length ? MAD_TO_STD * medianAbsoluteDeviation(trueVoxels) : NaN;
  const verdicts = candidates.map((c): Verdict => {
    if (c.voxels === 0) return "empty";
    if (c.confidence < confidence) return "confidence";
    if (c.agreement < agreement) return "agreement";
    if (volume > 0 && spread > 0 && Math.abs(c.voxels - centre) > volume * spread) return "volume";
    return "";
  });
  const passed = candidates.flatMap((c, index) =>
    verdicts[index] === "" && c.distance >= 0 ? [{ ...c, index }] : []
  );
  passed.sort((a, b) => b.distance - a.distance || a.index - b.index);
  for (const { index } of passed.slice(0, Math.floor(outliers * passed.length))) verdicts[index] = "outlier";
  return verdicts;
}

/** Disturbed copies of a case that a lone owner is compared with: none where nobody asks for agreement. */
export function copiesOf({ agreement }: Pick<FilterOptions, "agreement">, copies = 2): number {
  return agreement === 0 ? 0 : copies;
}

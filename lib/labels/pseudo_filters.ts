/**
 * Filters that drop doubtful pseudo labels. What is dropped becomes unlabelled in its case, never background.
 *
 * @module
 */
import { medianAbsoluteDeviation, percentile } from "../metrics/statistics.ts";

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
  /**
   * Largest distance of the features, in robust standard deviations of the true organs' own distances above their median; 0 is off.
   * True distances without any spread judge nothing.
   */
  feature: number;
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

/** What candidates of an organ are held against: its true labels. */
export interface TrueOrgans {
  /** Volumes on the same grid, voxels. */
  voxels: readonly number[];
  /** Mahalanobis distance of each one's features to the others'; none where there are too few. */
  distances: readonly number[];
}

/** What may object to a pseudo label, in this order; `empty`: there is none. */
export type Objection = "empty" | "confidence" | "agreement" | "volume" | "feature";

/** Why a pseudo label was dropped, or "" for kept. */
export type Verdict = "" | Objection;

/** MAD of a normal distribution times this is its standard deviation. */
const MAD_TO_STD = 1.4826;

/**
 * All that objects to a candidate of an organ: each filter as if it were alone. The first is the verdict, and none means kept. What
 * is empty is asked nothing else.
 */
export function objectionsTo(
  candidate: Candidate,
  truth: TrueOrgans,
  { confidence, agreement, volume, feature }: FilterOptions,
): Objection[] {
  const { voxels, distance } = candidate;
  if (voxels === 0) return ["empty"];
  const size = robustOf(truth.voxels), look = robustOf(truth.distances);
  const objects: [Objection, boolean][] = [
    ["confidence", candidate.confidence < confidence],
    ["agreement", candidate.agreement < agreement],
    ["volume", volume > 0 && size.spread > 0 && Math.abs(voxels - size.centre) > volume * size.spread],
    ["feature", feature > 0 && look.spread > 0 && distance > look.centre + feature * look.spread],
  ];
  return objects.flatMap(([filter, does]) => does ? [filter] : []);
}

/** Median and robust standard deviation; NaN without values. */
function robustOf(values: readonly number[]): { centre: number; spread: number } {
  return { centre: percentile(values, 50), spread: MAD_TO_STD * medianAbsoluteDeviation(values) };
}

/** Disturbed copies of a case that a lone owner is compared with: none where nobody asks for agreement. */
export function copiesOf({ agreement }: Pick<FilterOptions, "agreement">, copies = 2): number {
  return agreement === 0 ? 0 : copies;
}

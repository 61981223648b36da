/**
 * Intervals of a mean over cases.
 *
 * @module
 */
import { mean, quantileSorted } from "simple-statistics";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Resamplings of an interval. */
export const RESAMPLES = 2000;
const SEED = 20070405;

export interface Interval {
  mean: number;
  /** Ends of the 95 % interval; NaN with fewer than two cases. */
  low: number;
  high: number;
}

/**
 * Mean over cases, then over organs, with its 95 % percentile bootstrap interval (Efron and Tibshirani 1993,
 * section 13.3): cases are drawn with replacement, all organs of a case together, since they are not independent.
 * Dice is bounded and skewed, so a normal interval would reach above 1. The draws are seeded: a figure never
 * changes by itself.
 *
 * @param organs For each organ the value of each case that has one.
 */
export function bootstrapMean(organs: Map<string, number>[]): Interval {
  const cases = [...new Set(organs.flatMap((values) => [...values.keys()]))];
  const whole = meanOfMeans(organs, cases);
  if (cases.length < 2) return { mean: whole, low: NaN, high: NaN };
  const generator = xoroshiro128plus(SEED);
  const means = Array.from(
    { length: RESAMPLES },
    () => meanOfMeans(organs, cases.map(() => cases[uniformInt(generator, 0, cases.length - 1)])),
  ).filter(Number.isFinite).sort((a, b) => a - b);
  return { mean: whole, low: quantileSorted(means, 0.025), high: quantileSorted(means, 0.975) };
}

function meanOfMeans(organs: Map<string, number>[], cases: string[]): number {
  const means = organs.flatMap((values) => {
    const present = cases.flatMap((name) => values.get(name) ?? []);
    return present.length > 0 ? [mean(present)] : [];
  });
  return means.length > 0 ? mean(means) : NaN;
}

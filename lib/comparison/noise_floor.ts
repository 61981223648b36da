/**
 * The smallest difference that seeds alone would not make.
 *
 * @module
 */
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import type { Score } from "./score_arms.ts";

export interface NoiseFloorOptions {
  /** Runs of each of two arms that are compared; of them the deviation was taken. */
  seeds: number;
}

/**
 * Half of the 95 % interval of a difference between two arms that differ in nothing but their seeds: their means have the deviation
 * s √(2/n), s that of n runs over seeds, and t has n - 1 degrees of freedom, since one arm told s. What is smaller, these runs cannot
 * tell from chance; that something is larger does not prove it.
 *
 * @returns NaN below two seeds
 */
export function noiseFloor(
  { seedDeviation }: Pick<Score, "seedDeviation">,
  { seeds }: NoiseFloorOptions,
): number {
  if (seeds < 2) return NaN;
  return tQuantile(0.975, seeds - 1) * seedDeviation * Math.sqrt(2 / seeds);
}

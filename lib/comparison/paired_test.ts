/**
 * Tests of paired differences.
 *
 * @module
 */
import padjust from "@stdlib/stats-padjust";
import wilcoxon from "@stdlib/stats-wilcoxon";

/** With fewer differences than these, no two-sided p-value of the test can be below 0.05: 2 / 2⁵ = 0.0625. */
export const LEAST_PAIRS = 6;

/**
 * Two-sided p-value of Wilcoxon's signed rank test, zeros left out first (Wilcoxon 1945): exact up to 50 differences
 * without ties, else the normal approximation with corrections for continuity and ties.
 * Ranks need no finite numbers: an infinite difference is larger than any other.
 *
 * @param differences one a subject; NaN: not a pair
 * @returns NaN when fewer than {@linkcode LEAST_PAIRS} differences are left
 */
export function signedRankTest(differences: Iterable<number>): number {
  const pairs = [...differences].filter((value) => !Number.isNaN(value)).map(rounded).filter((value) =>
    value !== 0
  );
  if (pairs.length < LEAST_PAIRS) return NaN;
  // The library computes an upper tail as 1 - p, which loses small ones, so it is asked for the lower tail; and it
  // doubles tails that are above a half.
  const [own, mirrored] = [wilcoxon(pairs), wilcoxon(pairs.map((value) => -value))];
  const lower = mirrored.statistic < own.statistic ? mirrored : own;
  return Math.min(1, lower.pValue);
}

/** Sums in another order differ in their last digits: such differences are ties. */
function rounded(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1e10) / 1e10 : value;
}

/** Holm's (1979) adjustment of p-values of one family; what is NaN was not tested, stays so and does not count. */
export function holm(values: readonly number[]): number[] {
  const tested = values.filter((value) => !Number.isNaN(value));
  const adjusted = tested.length > 0 ? [...padjust(tested, "holm")] : [];
  return values.map((value) => Number.isNaN(value) ? NaN : adjusted.shift()!);
}

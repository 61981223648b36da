/**
 * What an experiment says of a claim, by rule.
 *
 * @module
 */
import type { Interval } from "../bootstrap.ts";
import type { Outcome } from "./claim.ts";

export type Verdict = "reproduced" | "contradicted" | "not shown" | "too small to tell";

/**
 * With s the smallest difference that counts and [low, high] the 95 % interval of the arm's value minus the reference's, turned so that what
 * is claimed is positive:
 *
 *     reproduced          low > s;     of a claim of equality  -s ≤ low and high ≤ s
 *     contradicted        high < -s;   of a claim of equality  low > s or high < -s
 *     too small to tell   neither, and (high - low) / 2 > s, or there is no interval: another experiment of this size would tell no more
 *     not shown           neither
 */
export function verdictOf(
  { low, high }: Interval,
  { direction, smallestDifference: s }: Pick<Outcome, "direction" | "smallestDifference">,
): Verdict {
  if (direction === "less") {
    return verdictOf({ value: NaN, low: -high, high: -low }, { direction: "more", smallestDifference: s });
  }
  const beyond = low > s, opposite = high < -s;
  if (direction === "more") {
    if (beyond) return "reproduced";
    if (opposite) return "contradicted";
  } else {
    if (low >= -s && high <= s) return "reproduced";
    if (beyond || opposite) return "contradicted";
  }
  return (high - low) / 2 <= s ? "not shown" : "too small to tell";
}

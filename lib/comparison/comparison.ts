/**
 * What a comparison of arms says.
 *
 * @module
 */
import type { Interval } from "./bootstrap.ts";
import type { Score, ScoredArm, ScoredArms } from "./score_arms.ts";

/** An arm minus the reference arm, over the cases that both have. */
export interface Difference extends Interval {
  /** Cases where both arms have a value, each the mean over its seeds, that are not missed by both. */
  pairs: number;
  /** Two-sided, of Wilcoxon's signed rank test over cases; NaN: not tested, too few pairs differ. */
  p: number;
  /** `p` after Holm's correction over the arms. */
  adjusted: number;
}

/** A score with its interval. */
export interface ArmScore extends Score, Interval {
  /** Absent for the reference arm, and where there is none. */
  difference?: Difference;
}

export interface ComparedArm extends ScoredArm {
  organs: ArmScore[];
  mean: ArmScore;
}

export interface Comparison extends ScoredArms {
  /** Absent where there are no differences. */
  reference?: string;
  arms: ComparedArm[];
  /** What the numbers are, and what too few seeds or cases leave open. */
  notes: ComparisonNotes;
}

/** Sentences, only those that apply. */
export interface ComparisonNotes {
  /** On intervals, seeds and cases. */
  intervals: string[];
  /** On differences from the reference arm and their tests. */
  tests: string[];
  /** On what was left out. */
  cases: string[];
}

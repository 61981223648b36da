/**
 * What the parts of a method bring along axes of a study: cohorts that differ from one another in one thing.
 *
 * @module
 */
import type { Interval } from "../bootstrap.ts";

/** Which cohorts, and which of their arms, an effect is looked for in. */
export interface AxisStudy {
  axes: readonly Axis[];
  /** The arm with all parts. */
  reference: string;
  /** By the part that is off: the arm without it. */
  without: Readonly<Record<string, string>>;
  /** Those that count, of every arm of every cohort. */
  seeds: readonly number[];
}

export interface Axis {
  /** Such as "training scans a dataset". */
  name: string;
  /** In their order, each with its cohort. One cohort may be a level of several axes. */
  levels: readonly (readonly [level: string, cohort: string])[];
}

/** What an arm without a part has less or more than the arm with all of them, at one level of an axis. */
export interface AxisEffect {
  axis: string;
  level: string;
  cohort: string;
  /** The part that is off. */
  without: string;
  reference: string;
  /** That both arms have; 0: nothing is known of this effect. */
  seeds: number;
  /** Cases that both arms have a value of. */
  cases: number;
  /** Mean Dice over organs of the arm with all parts; NaN where nothing is known. */
  dice: number;
  /** Paired difference of mean Dice: the part off minus all parts. Below 0 the part helps. */
  difference: Interval;
  /** What the interval is of, in sentences; "" where nothing is known. */
  note: string;
}

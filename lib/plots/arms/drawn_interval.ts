/**
 * Intervals as figures draw them: what is infinite has no place in a figure, and is said instead.
 *
 * @module
 */
import type { Interval } from "../../comparison/bootstrap.ts";

/** With NaN, which is not drawn, for what is infinite. */
export function drawnInterval<Score extends Interval>(score: Score): Score {
  const finite = (value: number) => Number.isFinite(value) ? value : NaN;
  return { ...score, value: finite(score.value), low: finite(score.low), high: finite(score.high) };
}

/** What the figure lacks; nothing where all is finite. */
export function infiniteNotes(intervals: readonly Interval[]): string[] {
  const values = intervals.filter(({ value }) => Math.abs(value) === Infinity).length;
  const open =
    intervals.filter(({ value, low, high }) =>
      Number.isFinite(value) && (low === -Infinity || high === Infinity)
    ).length;
  return [
    ...values > 0
      ? [`Not drawn, the organ being missed in most cases: ${values} of ${intervals.length} points.`]
      : [],
    ...open > 0 ? [`Intervals without an upper or lower end, which misses reach: ${open}.`] : [],
  ];
}

/**
 * The time a stage still takes, in numbers and in words.
 *
 * @module
 */
import type { Progress } from "../stages/recorder.ts";

/**
 * A clock for the stages of one run, one after the other: seconds left of the stage in progress, judged by its steps since
 * the clock first saw it; NaN while it cannot be judged.
 *
 * @param now seconds
 */
export function stageClock(now = () => performance.now() / 1000): (progress: Progress) => number {
  let [shown, first, begun] = ["", 0, 0];
  return ({ stage, step, steps }) => {
    if (stage !== shown) [shown, first, begun] = [stage, step, now()];
    if (step >= steps) return 0;
    return step > first ? (now() - begun) / (step - first) * (steps - step) : NaN;
  };
}

/** `…` while it is not known. cli-progress' own words for a time hold letters of "NULL" then. */
export function formatTime(seconds: number | string): string {
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return "…";
  if (seconds < 100) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 100) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

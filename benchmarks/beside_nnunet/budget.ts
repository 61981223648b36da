/**
 * How much fits into a budget of wall clock.
 *
 * @module
 */
import { mean } from "simple-statistics";

/** A rehearsal takes this share of the budget, and no longer than this, s. */
const REHEARSAL_SHARE = 0.04, LONGEST_REHEARSAL = 30;

/** Seconds that updates are rehearsed for, to see how long one takes; a contestant makes four at least. */
export function rehearsalSeconds(budgetSeconds: number): number {
  return Math.min(LONGEST_REHEARSAL, REHEARSAL_SHARE * budgetSeconds);
}

/** What a contestant's rehearsal has shown. Its updates are thrown away: their learning rate knew no end. */
export interface Rehearsal {
  /** Of each update. */
  updateSeconds: readonly number[];
  /** Of all that is done with one validation scan after training. */
  scanSeconds: number;
}

export interface BudgetOptions extends Rehearsal {
  /** Seconds since the contestant was started. */
  elapsed: number;
  /** Number of validation scans. */
  scans: number;
}

/**
 * Updates that still fit, one at least, when every validation scan is to be segmented before the budget ends. The earlier half of
 * the rehearsal is not counted: batches were waiting then, and kernels had not been chosen.
 */
export function updatesWithin(
  budgetSeconds: number,
  { updateSeconds, scanSeconds, elapsed, scans }: BudgetOptions,
): number {
  const secondsPerUpdate = mean(updateSeconds.slice(Math.floor(updateSeconds.length / 2)));
  return Math.max(1, Math.floor((budgetSeconds - elapsed - scans * scanSeconds) / secondsPerUpdate));
}

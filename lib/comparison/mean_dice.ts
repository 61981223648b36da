/**
 * One number for a run.
 *
 * @module
 */
import type { ScoreRow } from "../metrics/score_row.ts";
import { scoreArms } from "./score_arms.ts";

/** The mean over organs of each organ's mean Dice over cases, as all tables have it; NaN without scores. */
export function meanDice(scores: readonly ScoreRow[]): number {
  return scores.length > 0 ? scoreArms(scores).arms[0]!.mean.value : NaN;
}

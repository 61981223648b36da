/**
 * One number for a run.
 *
 * @module
 */
import { summarise } from "../metrics/statistics.ts";
import type { ScoreRow } from "./scores.ts";

/**
 * The mean over organs of each organ's mean Dice over cases: the last row of the table of organs. Cases with the organ in
 * neither truth nor prediction, and organs with no other cases, are left out; NaN when nothing is left.
 */
export function meanDice(scores: readonly Pick<ScoreRow, "organ" | "dice">[]): number {
  const organs = [...Map.groupBy(scores, ({ organ }) => organ).values()];
  const means = organs.map((rows) => summarise(rows.map(({ dice }) => dice)).mean);
  return summarise(means).mean;
}

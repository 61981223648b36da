/**
 * The curves of a stage at work.
 *
 * @module
 */
import type { HistoryRow } from "../../training/recorder.ts";
import type { Figure } from "../figure.ts";
import { trainingCurves } from "./training_curves.ts";

/** So many are enough to watch a curve, and quickly sent. */
const MOST_POINTS = 120;

/** Loss terms and mean validation Dice so far; organs one by one are in {@linkcode trainingCurves}. */
export function stageCurves(rows: readonly HistoryRow[]): Figure {
  const shown = rows.map((row) => ({
    ...row,
    terms: Object.fromEntries(Object.entries(row.terms).filter(([term]) => !term.includes("/"))),
  }));
  return trainingCurves(shown, { title: "Loss terms and validation Dice", mostPoints: MOST_POINTS });
}

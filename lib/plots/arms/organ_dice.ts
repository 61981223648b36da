/**
 * Dice of every case, by organ.
 *
 * @module
 */
import type { Arms, ScoreRow } from "../../metrics/score_row.ts";
import type { Figure } from "../figure.ts";
import { organBoxes, type OrganBoxesOptions } from "./organ_boxes.ts";

/** {@linkcode organBoxes} of Dice, as experiments end with them. */
export function organDice(rows: Arms<ScoreRow>, options: Omit<OrganBoxesOptions, "metric"> = {}): Figure {
  return organBoxes(rows, options);
}

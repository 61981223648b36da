/**
 * Dice of every case, by organ.
 *
 * @module
 */
import type { Arms, ScoreRow } from "../../metrics/score_row.ts";
import type { Figure } from "../figure.ts";
import { organBoxes, type OrganBoxesOptions } from "./organ_boxes.ts";

/**
 * {@linkcode organBoxes} of Dice, as experiments end with them.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm } from "consilium/results";
 * import { organDice } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * organDice(scores.mutual!, { title: "Mutual learning" });
 * ```
 */
export function organDice(rows: Arms<ScoreRow>, options: Omit<OrganBoxesOptions, "metric"> = {}): Figure {
  return organBoxes(rows, options);
}

/**
 * Effects along axes, as a table.
 *
 * @module
 */
import type { AxisEffect } from "../../comparison/axes/axis_effect.ts";
import { signedInterval, signedText, valueText } from "../arms/score_text.ts";
import { zeroVerdict } from "../arms/zero_verdict.ts";
import { type Table, table } from "../tables/table.ts";
import { axisNotes } from "./axis_notes.ts";

/**
 * A row a level and part: mean Dice over organs with all parts, the paired difference without this one, its 95 % interval, and
 * whether that holds 0. Dashes stand where there are no finished runs.
 *
 * @example
 * ```ts
 * import { cohortFolder, readAxisEffects } from "consilium/results";
 * import { axisTable } from "consilium/plots";
 *
 * axisTable(await readAxisEffects(`${cohortFolder("phantom_quick", "tables")}/axes.csv`));
 * ```
 */
export function axisTable(effects: readonly AxisEffect[]): Table {
  const references = [...new Set(effects.map(({ reference }) => reference))].join(", ");
  const records = effects.map(({ axis, level, without, seeds, cases, dice, difference }) => ({
    axis,
    level,
    off: without,
    seeds,
    cases,
    [references]: valueText(dice, "dice"),
    difference: signedText(difference.value, "dice"),
    "95 % interval": signedInterval(difference, "dice"),
    "the interval": zeroVerdict(difference, "dice"),
  }));
  return table(records, {
    caption: `Mean Dice over organs of ${references}, and the paired difference when a part is off`,
    notes: axisNotes(effects),
    blocks: effects.flatMap(({ axis }, row) => axis === effects[row - 1]?.axis ? [] : [row]),
  });
}

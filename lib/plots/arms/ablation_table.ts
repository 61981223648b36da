/**
 * What is left of a method without its parts, as a table.
 *
 * @module
 */
import type { Comparison } from "../../comparison/comparison.ts";
import { scoreTitle } from "../../comparison/score_arms.ts";
import { type Cell, type Table, table } from "../tables/table.ts";
import { signedInterval, signedText, valueText } from "./score_text.ts";
import { holdsZero, zeroVerdict } from "./zero_verdict.ts";

/**
 * A row an arm: its mean over organs, the difference from the reference arm with its 95 % interval, and whether that holds 0. It
 * fits a terminal of 80 columns.
 *
 * @throws {Error} The comparison has no reference arm.
 *
 * @example
 * ```ts
 * import { compareArms, readArms, scoresByArm } from "consilium/results";
 * import { ablationTable } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * ablationTable(compareArms(scores, { metric: "dice", reference: "mutual" }));
 * ```
 */
export function ablationTable(comparison: Comparison): Table {
  const { metric, name, arms, reference, notes } = comparison;
  if (reference === undefined) {
    throw new Error(
      "Cannot make the table of an ablation: the comparison must have a reference arm, it has none",
    );
  }
  const differences = arms.flatMap(({ mean }) => mean.difference ?? []);
  const made = table([], {
    columns: [
      "arm",
      `${comparison.statistic} ${name}`,
      `minus ${reference}`,
      "95 % interval",
      "the interval",
    ],
    caption: `${scoreTitle(comparison)}, over organs`,
    notes: [
      ...notes.intervals,
      ...differences.some((difference) => holdsZero(difference, metric))
        ? [`Where the interval holds 0, these runs do not show that the arm differs from ${reference}.`]
        : [],
      ...notes.cases,
    ],
  });
  made.rows = arms.map(({ name, mean: { value, difference } }): Cell[] => [
    name,
    valueText(value, metric),
    ...difference
      ? [
        signedText(difference.value, metric),
        signedInterval(difference, metric),
        zeroVerdict(difference, metric),
      ]
      : [null, null, null],
  ]);
  return made;
}

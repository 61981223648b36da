/**
 * Comparisons of arms as tables.
 *
 * @module
 */
import type { Interval } from "../../comparison/bootstrap.ts";
import type { Comparison } from "../../comparison/comparison.ts";
import type { Metric } from "../../metrics/metric.ts";
import { scoreTitle } from "../../comparison/score_arms.ts";
import { differenceTitle, signedInterval, signedText, valueText, withMisses } from "./score_text.ts";
import { pText, significance, STARS_NOTE } from "./significance.ts";
import { type Cell, type Table, table } from "../tables/table.ts";

export interface ComparisonTableOptions {
  /** @default says what is in it */
  caption?: string;
}

/**
 * A row an arm, a column an organ and one for their mean: the metric's statistic [95 % interval], and what was missed.
 *
 * @example
 * ```ts
 * import { compareArms, readArms, scoresByArm } from "consilium/results";
 * import { intervalTable } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * intervalTable(compareArms(scores, { metric: "dice" }));
 * ```
 */
export function intervalTable(
  comparison: Comparison,
  { caption = `${scoreTitle(comparison)} [95 % interval]` }: ComparisonTableOptions = {},
): Table {
  const { metric, organs, arms, notes } = comparison;
  const made = table([], { caption, notes: [...notes.intervals, ...notes.cases] });
  made.columns = ["arm", "seeds", ...organs, "mean over organs"];
  made.rows = arms.map(({ name, seeds, organs: scores, mean }): Cell[] => [
    name,
    seeds,
    ...[...scores, mean].map((score) => withMisses(intervalText(score, metric), score, metric)),
  ]);
  return made;
}

/**
 * A row an arm and organ: paired difference from the reference arm, its interval, pairs, p and Holm's p.
 *
 * @example
 * ```ts
 * import { compareArms, readArms, scoresByArm } from "consilium/results";
 * import { differenceTable } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * differenceTable(compareArms(scores, { metric: "hd95", reference: "mutual" }));
 * ```
 */
export function differenceTable(comparison: Comparison, options: ComparisonTableOptions = {}): Table {
  const { metric, organs, arms, notes } = comparison;
  const { caption = differenceTitle(comparison) } = options;
  const made = table([], {
    columns: ["arm", "organ", "difference", "95 % interval", "pairs", "p", "p (Holm)"],
    caption,
    notes: [...notes.intervals, ...notes.tests],
  });
  made.rows = arms.flatMap(({ name, organs: scores, mean }) =>
    [...scores, mean].flatMap(({ difference }, index): Cell[][] => {
      if (!difference) return [];
      const { pairs, p, adjusted } = difference;
      return [[
        ...[name, organs[index] ?? "mean over organs"],
        signedText(difference.value, metric),
        signedInterval(difference, metric),
        ...[pairs, pText(p) || null],
        { text: pText(adjusted) || "–", mark: significance(adjusted) },
      ]];
    })
  );
  if (made.rows.some((row) => (row[6] as { mark: string }).mark !== "")) {
    made.notes = [...made.notes, STARS_NOTE];
  }
  return made;
}

function intervalText({ value, low, high }: Interval, metric: Metric): string {
  const text = valueText(value, metric);
  if (Number.isNaN(low)) return text;
  return `${text} [${valueText(low, metric)},\u00a0${valueText(high, metric)}]`;
}

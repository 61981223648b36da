/**
 * Arms in one narrow table.
 *
 * @module
 */
import { metrics } from "../../metrics/metric.ts";
import { metricsOf, type ScoreRow } from "../../metrics/score_row.ts";
import { scoreArms, scoreHeading } from "../../comparison/score_arms.ts";
import { requireRows } from "./metric_rows.ts";
import { diceText, valueText } from "./score_text.ts";
import { type Cell, type Table, table } from "../tables/table.ts";

export interface SummaryTableOptions {
  /** The study's vocabulary: order of the organs. @default [] (as the rows come) */
  organs?: readonly string[];
  /** Before what is said of the rows. @default "" */
  caption?: string;
}

/**
 * A column an arm; a row an organ with its mean Dice ± the standard deviation over cases, then a row a metric with the mean
 * over organs of each organ's mean or median. Four arms fit a terminal of 80 columns.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm } from "consilium/results";
 * import { summaryTable } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * summaryTable(scores, { caption: "Hippocampus" });
 * ```
 */
export function summaryTable(
  rows: Readonly<Record<string, readonly ScoreRow[]>>,
  { organs, caption = "" }: SummaryTableOptions = {},
): Table {
  requireRows("make the summary of arms", Object.values(rows).flat());
  const scored = metricsOf(rows).map((metric) => scoreArms(rows, { metric, organs }));
  const dice = scored[0]!; // the first of the metrics, which every row has
  const made = table([], {
    columns: ["organ", ...dice.arms.map(({ name }) => name)],
    caption,
    blocks: [dice.organs.length],
    notes: [
      "Organs: mean Dice ± standard deviation over cases. Below them, means over organs: " +
      `${scored.map(scoreHeading).join(", ")}.`,
    ],
  });
  made.rows = [
    ...dice.organs.map((organ, index): Cell[] => [
      organ,
      ...dice.arms.map(({ organs }) => diceText(organs[index]!)),
    ]),
    ...scored.map(({ metric, arms }): Cell[] => [
      `${metrics[metric].statistic} ${metrics[metric].name}`,
      // What was missed has a row of its own: cells stay narrow.
      ...arms.map(({ mean }) => valueText(mean.value, metric)),
    ]),
    ...dice.arms.some(({ mean }) => mean.missed > 0)
      ? [["missed", ...dice.arms.map(({ mean }) => `${mean.missed} of ${mean.values}`)]]
      : [],
  ];
  return made;
}

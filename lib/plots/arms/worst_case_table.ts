/**
 * Where an arm fails, as a table.
 *
 * @module
 */
import { type Metric, metrics } from "../../metrics/metric.ts";
import type { WorstCase } from "../../comparison/worst_cases.ts";
import { valueText } from "./score_text.ts";
import { type Table, table } from "../tables/table.ts";

export interface WorstCaseTableOptions {
  /** @default says what was ranked */
  caption?: string;
}

/**
 * A row a case and organ, in the order given; scores of every arm side by side.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm, worstCases } from "consilium/results";
 * import { worstCaseTable } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * worstCaseTable(worstCases(scores, { of: "mutual" }), { caption: "Where mutual learning fails" });
 * ```
 */
export function worstCaseTable(
  cases: readonly WorstCase[],
  { caption = worstTitle(cases[0]?.metric) }: WorstCaseTableOptions = {},
): Table {
  const arms = [...new Set(cases.flatMap(({ scores }) => Object.keys(scores)))];
  const made = table([], { columns: ["case", "organ", ...arms], caption });
  made.rows = cases.map(({ case: name, organ, metric, scores }) => [
    ...[name, organ],
    // Lists of several calls may stand together, each with arms of its own.
    ...arms.map((arm) => scores[arm] === Infinity ? "missed" : valueText(scores[arm] ?? NaN, metric)),
  ]);
  return made;
}

/**
 * "Lowest Dice", "Highest HD95 (mm)".
 *
 * @example
 * ```ts
 * import { worstTitle } from "consilium/plots";
 *
 * worstTitle("hd95"); // "Highest HD95 (mm)"
 * ```
 */
export function worstTitle(metric: Metric = "dice"): string {
  const { name, unit, better } = metrics[metric];
  return `${better === "more" ? "Lowest" : "Highest"} ${name}${unit && ` (${unit})`}`;
}

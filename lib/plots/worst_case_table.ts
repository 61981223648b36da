/**
 * Where an arm fails, as a table.
 *
 * @module
 */
import type { WorstCase } from "../metrics/worst_cases.ts";
import { type Table, table } from "./table.ts";

export interface WorstCaseTableOptions {
  /** @default "Lowest Dice" */
  caption?: string;
}

/** A row a case and organ, in the order given; Dice of every arm side by side. */
export function worstCaseTable(
  cases: readonly WorstCase[],
  { caption = "Lowest Dice" }: WorstCaseTableOptions = {},
): Table {
  const arms = [...new Set(cases.flatMap(({ dice }) => Object.keys(dice)))];
  const made = table([], { columns: ["case", "organ", ...arms], caption });
  made.rows = cases.map(({ case: name, organ, dice }) => [
    ...[name, organ],
    ...arms.map((arm) => Number.isNaN(dice[arm]) ? null : dice[arm].toFixed(3)),
  ]);
  return made;
}

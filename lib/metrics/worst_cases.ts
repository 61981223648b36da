/**
 * Where an arm fails.
 *
 * @module
 */
import { armsOf, type MetricRow } from "./metric_row.ts";

/** One organ of one case, with its Dice in each arm. */
export interface WorstCase {
  case: string;
  dataset?: string;
  organ: string;
  /** By arm, the mean over seeds; NaN where the arm has no value. */
  dice: Record<string, number>;
}

export interface WorstCasesOptions {
  /** The arm whose scores are ranked. @default the first */
  of?: string;
  /** @default 10 */
  count?: number;
}

/** The organs and cases with the lowest Dice in one arm, lowest first, and how the other arms did on them. */
export function worstCases(
  rows: Readonly<Record<string, readonly MetricRow[]>>,
  { of = Object.keys(rows)[0], count = 10 }: WorstCasesOptions = {},
): WorstCase[] {
  const arms = armsOf(rows);
  const found = new Map<string, WorstCase & { values: Map<string, number[]> }>();
  for (const [arm, list] of arms) {
    for (const { case: name, dataset, organ, dice } of list) {
      if (Number.isNaN(dice)) continue;
      const key = JSON.stringify([dataset, name, organ]);
      if (!found.has(key)) found.set(key, { case: name, dataset, organ, dice: {}, values: new Map() });
      const { values } = found.get(key)!;
      values.set(arm, [...values.get(arm) ?? [], dice]);
    }
  }
  return [...found.values()]
    .filter(({ values }) => values.has(of))
    .map(({ values, ...where }) => ({
      ...where,
      dice: Object.fromEntries(arms.map(([arm]) => [arm, meanOf(values.get(arm) ?? [])])),
    }))
    .sort((a, b) => a.dice[of] - b.dice[of])
    .slice(0, count);
}

function meanOf(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((a, b) => a + b) / values.length : NaN;
}

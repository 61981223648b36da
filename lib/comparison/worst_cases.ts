/**
 * Where an arm fails.
 *
 * @module
 */
import { unknownName } from "../text/unknown_name.ts";
import type { Metric } from "../metrics/metric.ts";
import { metricCalled } from "../metrics/metric_names.ts";
import { armsOf, type ScoreRow } from "../metrics/score_row.ts";
import { statisticOf } from "../metrics/statistics.ts";

/** One organ of one case, with its score in each arm. */
export interface WorstCase {
  case: string;
  dataset: string;
  organ: string;
  metric: Metric;
  /** By arm, the mean over seeds, of distances infinite where one of them missed the organ; NaN where the arm has no value. */
  scores: Record<string, number>;
}

export interface WorstCasesOptions {
  /** The arm whose scores are ranked. @default the first */
  of?: string;
  /** @default "dice" */
  metric?: Metric;
  /** @default 10 */
  count?: number;
}

/**
 * The organs and cases with the worst scores in one arm, worst first, and how the other arms did on them.
 *
 * @throws {Error} There is no such arm, or none at all.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm, worstCases } from "consilium/results";
 * import { worstCaseTable } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * worstCaseTable(worstCases(scores, { of: "mutual", metric: "hd95", count: 5 }));
 * ```
 */
export function worstCases(
  rows: Readonly<Record<string, readonly ScoreRow[]>>,
  { of = Object.keys(rows)[0], metric = "dice", count = 10 }: WorstCasesOptions = {},
): WorstCase[] {
  const { better } = metricCalled(metric);
  const arms = armsOf(rows);
  if (of === undefined) throw new Error("Cannot rank cases: at least one arm is wanted, there are 0");
  if (!Object.hasOwn(rows, of)) {
    throw new Error(`Cannot rank cases: the arm ${unknownName(of, arms.map(([name]) => name))}`);
  }
  const found = new Map<string, Omit<WorstCase, "scores"> & { values: Map<string, number[]> }>();
  for (const [arm, list] of arms) {
    for (const row of list) {
      const { case: name, dataset, organ, [metric]: value = NaN } = row;
      if (Number.isNaN(value)) continue;
      const key = JSON.stringify([dataset, name, organ]);
      if (!found.has(key)) found.set(key, { case: name, dataset, organ, metric, values: new Map() });
      const { values } = found.get(key)!;
      values.set(arm, [...values.get(arm) ?? [], value]);
    }
  }
  const sign = better === "more" ? 1 : -1;
  return [...found.values()]
    .filter(({ values }) => values.has(of))
    .map(({ values, ...where }) => ({
      ...where,
      scores: Object.fromEntries(arms.map(([arm]) => [arm, statisticOf(values.get(arm) ?? [], "mean")])),
    }))
    .sort((a, b) => {
      const [one, other] = [a.scores[of]!, b.scores[of]!];
      return one === other ? 0 : sign * (one - other);
    })
    .slice(0, count);
}

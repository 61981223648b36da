/**
 * One metric of every case, arms side by side.
 *
 * @module
 */
import type { Metric } from "../metrics/metric.ts";
import { type Arms, caseKey, metricName, type ScoreRow } from "../metrics/score_row.ts";
import { statisticOf } from "../metrics/statistics.ts";
import { gridArms } from "./score_arms.ts";
import { meanOverSeeds } from "./score_grid.ts";

export interface CaseOfArms {
  /** As caseKey gives it. */
  key: string;
  dataset: string;
  case: string;
  /** One an arm, the mean over its seeds; NaN where the arm has none, infinite where the organ was missed. */
  values: number[];
  /** The same by seed, in the order of the arm's seeds. */
  bySeed: number[][];
}

export interface CaseValues {
  metric: Metric;
  /** Of the metric, with its tolerance. */
  name: string;
  /** What was looked at: an organ, or "mean over organs". */
  what: string;
  arms: { name: string; seeds: (number | undefined)[] }[];
  /** In the order of the rows; those without any value are left out. */
  cases: CaseOfArms[];
}

export interface CaseValuesOptions {
  /** @default the mean over organs that have a value */
  organ?: string | undefined;
  /** @default "dice" */
  metric?: Metric | undefined;
}

/** Every case's values, joined between arms by dataset and case. */
export function caseValues(
  rows: Arms<ScoreRow>,
  { organ, metric = "dice" }: CaseValuesOptions = {},
): CaseValues {
  const { organs, cases, arms } = gridArms(rows, { metric });
  const picked = organs.flatMap((name, index) => organ === undefined || name === organ ? [index] : []);
  const all = arms.flatMap((arm) => arm.rows);
  const about = new Map(all.map((row) => [caseKey(row), row]));
  const meanOf = (values: readonly number[]) => statisticOf(values, "mean");
  const made = [...cases].map(([key, place]): CaseOfArms => {
    const { dataset, case: id } = about.get(key)!;
    return {
      key,
      dataset,
      case: id,
      values: arms.map(({ grids }) => meanOf(picked.map((index) => meanOverSeeds(grids[index]!)[place]!))),
      bySeed: arms.map(({ grids, seeds }) =>
        seeds.map((_, seed) =>
          meanOf(picked.map((index) => grids[index]!.values[place * seeds.length + seed]!))
        )
      ),
    };
  });
  return {
    metric,
    name: metricName(metric, all),
    what: organ ?? "mean over organs",
    arms: arms.map(({ name, seeds }) => ({ name, seeds })),
    cases: made.filter(({ values }) => values.some((value) => !Number.isNaN(value))),
  };
}

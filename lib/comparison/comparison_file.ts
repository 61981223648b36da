/**
 * Comparisons of arms as CSV: a row an arm, organ and score, with everything that tables and figures show.
 *
 * @module
 */
import { writeWholeFile } from "../files/whole_file.ts";
import type { ArmScore, Comparison } from "./comparison.ts";
import { metrics } from "../metrics/metric.ts";
import { type Cell, toCsv } from "../files/csv_file.ts";

const columns = [
  ...[
    "score",
    "column",
    "statistic",
    "arm",
    "organ",
    "value",
    "low",
    "high",
    "seed_deviation",
    "case_deviation",
  ],
  ...["quartile_1", "quartile_3", "seeds", "cases", "values", "missed", "undefined"],
  ...["reference", "difference", "difference_low", "difference_high", "pairs", "p", "p_holm"],
];

/**
 * `score` is a metric's name, `column` that of metrics.csv, whose unit its end is; `value` is its `statistic`, with the 95 %
 * interval `low` to `high`.
 */
export function comparisonToCsv(comparisons: readonly Comparison[]): string {
  return toCsv(
    comparisons.flatMap(({ metric, name: score, statistic, reference = "", organs, arms }) =>
      arms.flatMap(({ name, seeds, organs: scores, mean }) =>
        [...scores, mean].map((one, index): Record<string, Cell> => ({
          score,
          column: metrics[metric].column,
          statistic,
          arm: name,
          seeds,
          // No organ is called by three words in brackets.
          organ: organs[index] ?? "(mean over organs)",
          ...rowOf(one, reference),
        }))
      )
    ),
    columns,
  );
}

/**
 * Writes {@linkcode comparisonToCsv}.
 *
 * @example
 * ```ts
 * import { cohortFolder, compareByAll, readArms, saveComparisons, scoresByArm } from "consilium/results";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * await saveComparisons(`${cohortFolder("hippocampus", "tables")}/all.csv`, compareByAll(scores));
 * ```
 */
export async function saveComparisons(path: string, comparisons: readonly Comparison[]): Promise<void> {
  await writeWholeFile(path, comparisonToCsv(comparisons));
}

function rowOf(score: ArmScore, reference: string): Record<string, Cell> {
  const { value, low, high, quartiles, cases, values, missed, difference } = score;
  return {
    value,
    low,
    high,
    cases,
    values,
    missed,
    undefined: score.undefined,
    seed_deviation: score.seedDeviation,
    case_deviation: score.caseDeviation,
    quartile_1: quartiles[0],
    quartile_3: quartiles[1],
    ...difference && {
      reference,
      difference: difference.value,
      difference_low: difference.low,
      difference_high: difference.high,
      pairs: difference.pairs,
      p: difference.p,
      p_holm: difference.adjusted,
    },
  };
}

/**
 * Comparisons of arms as CSV: a row an arm, organ and score, with everything that tables and figures show.
 *
 * @module
 */
import { writeWholeFile } from "../files/whole_file.ts";
import type { ArmScore, Comparison } from "../metrics/compare_arms.ts";
import { type Cell, toCsv } from "./csv_file.ts";

const columns = [
  ...["score", "arm", "organ", "mean", "low", "high", "seed_deviation", "case_deviation", "median"],
  ...["seeds", "cases", "missed", "undefined"],
  ...["reference", "difference", "difference_low", "difference_high", "pairs", "p", "p_holm"],
];

export function comparisonToCsv(comparisons: readonly Comparison[]): string {
  return toCsv(
    comparisons.flatMap(({ metric, reference = "", organs, arms }) =>
      arms.flatMap(({ name, seeds, organs: scores, mean }) =>
        [...scores, mean].map((score, index): Record<string, Cell> => ({
          ...{ score: metric === "dice" ? "dice" : "hd95_mm", arm: name, seeds },
          // No organ is called by two words in brackets.
          organ: organs[index] ?? "(mean over organs)",
          ...rowOf(score, reference),
        }))
      )
    ),
    columns,
  );
}

/** Writes {@linkcode comparisonToCsv}. */
export async function saveComparisons(path: string, comparisons: readonly Comparison[]): Promise<void> {
  await writeWholeFile(path, comparisonToCsv(comparisons));
}

function rowOf(score: ArmScore, reference: string): Record<string, Cell> {
  const { mean, low, high, median, seedDeviation, caseDeviation, cases, missed, difference } = score;
  return {
    ...{ mean, low, high, median, cases, missed, undefined: score.undefined },
    ...{ seed_deviation: seedDeviation, case_deviation: caseDeviation },
    ...difference && {
      ...{
        reference,
        difference: difference.mean,
        difference_low: difference.low,
        difference_high: difference.high,
      },
      ...{ pairs: difference.pairs, p: difference.p, p_holm: difference.adjusted },
    },
  };
}

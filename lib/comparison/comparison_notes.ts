/**
 * What the numbers of a comparison are, in sentences.
 *
 * @module
 */
import { RESAMPLES } from "./bootstrap.ts";
import type { Comparison, ComparisonNotes } from "./comparison.ts";
import { type Metric, metrics } from "../metrics/metric.ts";
import { LEAST_PAIRS } from "./paired_test.ts";

/** With fewer seeds than these the bootstrap's share of the spread between seeds, (n - 1) / n, is plainly too small. */
const FEW_SEEDS = 5;

export interface ComparisonNotesOptions {
  /** Cases of all arms together. */
  cases: number;
  /** Their subjects. */
  subjects: number;
}

export function comparisonNotes(
  comparison: Omit<Comparison, "notes">,
  { cases, subjects }: ComparisonNotesOptions,
): ComparisonNotes {
  return {
    intervals: intervalNotes(comparison, { cases, subjects }),
    tests: testNotes(comparison, subjects < cases ? "subjects" : "cases"),
    cases: caseNotes(comparison, cases),
  };
}

function intervalNotes(
  { arms }: Omit<Comparison, "notes">,
  { cases, subjects }: ComparisonNotesOptions,
): string[] {
  if (subjects < 2) return [`One ${cases < 2 ? "case" : "subject"}: there are no intervals.`];
  const ones = subjects < cases ? `subjects (${subjects} of ${cases} cases)` : "cases";
  const single = arms.filter(({ seeds }) => seeds === 1);
  const interval = (over: string) => `Intervals: 95 % bootstrap over ${over} (${RESAMPLES} resamplings).`;
  if (single.length === arms.length) {
    return [
      interval(ones),
      "One seed an arm: what another seed would give is in no interval and no p-value.",
    ];
  }
  const most = Math.max(...arms.map(({ seeds }) => seeds));
  return [
    interval(`${ones} and seeds`),
    ...single.length > 0
      ? [`One seed, so an interval over ${subjects < cases ? "subjects" : "cases"} only: ${names(single)}.`]
      : [],
    ...most < FEW_SEEDS ? [`Of ${most} seeds at most, the spread between seeds is underestimated.`] : [],
  ];
}

function testNotes({ arms, reference }: Omit<Comparison, "notes">, ones: "subjects" | "cases"): string[] {
  if (reference === undefined) return ["No reference arm: there are no differences from one."];
  const differences = arms.flatMap((arm) => [...arm.organs, arm.mean]).flatMap(({ difference }) =>
    difference ?? []
  );
  if (differences.length === 0) return [];
  const untested = differences.filter(({ p }) => Number.isNaN(p)).length;
  if (untested === differences.length) {
    return [`No p-values: fewer than ${LEAST_PAIRS} ${ones} differ from ${reference}.`];
  }
  return [
    `p: Wilcoxon signed rank test of the paired differences from ${reference} over ${ones} (seeds averaged first${
      ones === "subjects" ? ", then cases" : ""
    }), ` +
    "Holm-corrected over the arms.",
    ...untested > 0 ? [`No p-value where fewer than ${LEAST_PAIRS} ${ones} differ.`] : [],
  ];
}

function caseNotes({ arms, organs, metric, name }: Omit<Comparison, "notes">, cases: number): string[] {
  const fewer = arms.filter(({ scored }) => scored < cases);
  const undefinedOf = organs.flatMap((organ, index) => {
    const counts = arms.map((arm) => arm.organs[index]!.undefined);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    return most > 0 ? [`${organ} ${least === most ? most : `${least}–${most}`}`] : [];
  });
  const missing = arms.filter(({ mean }) => mean.missed > 0);
  const lacking = arms.filter(({ mean }) => mean.values + mean.undefined === 0);
  return [
    ...statisticNotes(metric, missing.map(({ name, mean }) => [name, mean.missed])),
    ...lacking.length > 0 ? [`Without ${name} in their scores: ${names(lacking)}.`] : [],
    ...fewer.length > 0
      ? [
        `Scored on fewer than the ${cases} cases: ${
          fewer.map(({ name, scored }) => `${name} ${scored}`).join(", ")
        }.`,
      ]
      : [],
    ...undefinedOf.length > 0
      ? [`Left out, the organ being in neither truth nor prediction (values): ${undefinedOf.join(", ")}.`]
      : [],
  ];
}

/** What a miss is to the metric, and how many there are. */
function statisticNotes(metric: Metric, missing: readonly [name: string, count: number][]): string[] {
  const { name, missed, statistic } = metrics[metric];
  if (missing.length === 0) return [];
  const counted = missed === 0 ? `has ${name} 0` : `counts as larger than any number in the ${statistic}`;
  return [`A missed organ (in one of truth and prediction only) ${counted}. Missed: ${counts(missing)}.`];
}

/** More arms than these are not listed one by one. */
const MOST_LISTED = 6;

function names(arms: readonly { name: string }[]): string {
  return arms.length > MOST_LISTED ? `${arms.length} arms` : arms.map(({ name }) => name).join(", ");
}

function counts(arms: readonly [name: string, count: number][]): string {
  if (arms.length <= MOST_LISTED) return arms.map(([name, count]) => `${name} ${count}`).join(", ");
  const values = arms.map(([, count]) => count);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${least === most ? most : `${least}–${most}`} in each of ${arms.length} arms`;
}

/**
 * How arms of a study compare: the one place where notebooks, tables and the report get their statistics. Which statistic
 * of which metric: metric.ts.
 *
 * @module
 */
import { unknownName } from "../text/unknown_name.ts";
import { bootstrapDifference, bootstrapStatistic } from "./bootstrap.ts";
import type { ArmScore, ComparedArm, Comparison, Difference } from "./comparison.ts";
import { comparisonNotes } from "./comparison_notes.ts";
import type { Metric, Statistic } from "../metrics/metric.ts";
import { metricsOf, type ScoreRow } from "../metrics/score_row.ts";
import { holm, signedRankTest } from "./paired_test.ts";
import { gridArms, type GriddedArm, scoreArm, type ScoreArmsOptions } from "./score_arms.ts";
import { meanOverSeeds, type ScoreGrid } from "./score_grid.ts";
import { statisticOf } from "../metrics/statistics.ts";

export interface CompareOptions extends ScoreArmsOptions {
  /**
   * The arm that the others are paired with; "": none, so there are no differences.
   * @default "mutual" where an arm is called so, else none
   */
  reference?: string | undefined;
}

/**
 * Compares arms by one metric.
 *
 * @param rows by the arm's name
 * @throws {Error} There is no row, an arm has two of one case, organ and seed, or no arm is called as the reference.
 *
 * @example
 * ```ts
 * import { compareArms, readArms, scoresByArm } from "consilium/results";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * const { arms } = compareArms(scores, { metric: "dice", reference: "mutual" });
 * for (const { name, mean } of arms) console.log(name, mean.value, mean.difference?.adjusted);
 * ```
 */
export function compareArms(
  rows: Readonly<Record<string, readonly ScoreRow[]>>,
  { reference, ...options }: CompareOptions = {},
): Comparison {
  const { metric, name, statistic, organs, arms: gridded, cases, subjects } = gridArms(rows, options);
  const base = findReference(gridded, reference);
  const arms = gridded.map((arm): ComparedArm => {
    const { mean, ...scored } = scoreArm(arm, { metric, statistic, organs });
    const differ = (pick: readonly number[]) =>
      base && arm !== base ? { difference: difference(arm, base, { pick, statistic, subjects }) } : {};
    return {
      ...scored,
      organs: scored.organs.map((score, index): ArmScore => ({
        ...bootstrapStatistic([arm.grids[index]!], { statistic, subjects }),
        ...score,
        ...differ([index]),
      })),
      mean: {
        ...bootstrapStatistic(arm.grids, { statistic, subjects }),
        ...mean,
        ...differ([...organs.keys()]),
      },
    };
  });
  for (const index of organs.keys()) correct(arms.map((arm) => arm.organs[index]!.difference));
  correct(arms.map((arm) => arm.mean.difference));
  const comparison = { metric, name, statistic, organs, arms, ...base ? { reference: base.name } : {} };
  return {
    ...comparison,
    notes: comparisonNotes(comparison, { cases: cases.size, subjects: new Set(subjects).size }),
  };
}

export interface CompareByAllOptions extends Omit<CompareOptions, "metric"> {
  /** @default those that the rows have */
  metrics?: readonly Metric[];
}

/**
 * {@linkcode compareArms} by several metrics, in their order.
 *
 * @example
 * ```ts
 * import { compareByAll, readArms, scoresByArm } from "consilium/results";
 * import { intervalTable, show } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * for (const comparison of compareByAll(scores, { metrics: ["dice", "hd95"] })) {
 *   await show(intervalTable(comparison));
 * }
 * ```
 */
export function compareByAll(
  rows: Readonly<Record<string, readonly ScoreRow[]>>,
  { metrics = metricsOf(rows), ...options }: CompareByAllOptions = {},
): Comparison[] {
  return metrics.map((metric) => compareArms(rows, { ...options, metric }));
}

function findReference(arms: readonly GriddedArm[], reference: string | undefined): GriddedArm | undefined {
  const found = arms.find(({ name }) => name === (reference ?? "mutual"));
  if (found || !reference) return found;
  throw new Error(
    `Cannot compare arms: the reference ${unknownName(reference, arms.map(({ name }) => name))}`,
  );
}

function difference(
  arm: GriddedArm,
  base: GriddedArm,
  { pick, statistic, subjects }: {
    pick: readonly number[];
    statistic: Statistic;
    subjects: readonly number[];
  },
): Difference {
  const pairs = pick.map((index) => ({ own: arm.grids[index]!, reference: base.grids[index]! }));
  const sameSeeds = arm.seeds.length === base.seeds.length &&
    arm.seeds.every((seed, index) => seed === base.seeds[index]);
  const paired = pairs.map(({ own, reference }) => subtract(own, reference));
  const byCase = paired[0]!.map((_, index) => statisticOf(paired.map((organ) => organ[index]!), "mean"));
  return {
    ...bootstrapDifference(pairs, { sameSeeds, statistic, subjects }),
    pairs: byCase.filter((_, index) => paired.some((organ) => !Number.isNaN(organ[index]))).length,
    p: signedRankTest(bySubject(byCase, subjects)),
    adjusted: NaN,
  };
}

/** The mean difference of each subject's cases that are pairs. */
function bySubject(differences: readonly number[], subjects: readonly number[]): number[] {
  const own = Map.groupBy(differences, (_, index) => subjects[index]!);
  return [...own.values()].map((all) => statisticOf(all, "mean"));
}

/** By case; ∞ - ∞ is NaN: both missed the organ, which is no pair. */
function subtract(own: ScoreGrid, reference: ScoreGrid): number[] {
  const theirs = meanOverSeeds(reference);
  return meanOverSeeds(own).map((value, index) => value - theirs[index]!);
}

/** Holm's correction of one family: an organ's differences of all arms. */
function correct(differences: readonly (Difference | undefined)[]): void {
  const family = differences.filter((difference) => difference !== undefined);
  holm(family.map(({ p }) => p)).forEach((adjusted, index) => family[index]!.adjusted = adjusted);
}

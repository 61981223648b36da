/**
 * How arms of a study compare: the one place where notebooks, tables and the report get their statistics.
 *
 * @module
 */
import { bootstrapDifference, bootstrapMean, type Interval, type ScoreGrid } from "./bootstrap.ts";
import { type ComparisonNotes, comparisonNotes } from "./comparison_notes.ts";
import { armsOf, type MetricRow, organsOf } from "./metric_row.ts";
import { holm, signedRankTest } from "./paired_test.ts";
import { casePlaces, finiteMeanOverSeeds, meanOverSeeds, scoreGrid, seedsOf } from "./score_grid.ts";
import { summarise } from "./statistics.ts";

/** The scores that arms are compared by; of "hd95", less is better. */
export type Metric = "dice" | "hd95";

export interface CompareOptions {
  /** @default "dice" */
  metric?: Metric;
  /** The arm that the others are paired with; where no arm has the name there are no differences. @default "mutual" */
  reference?: string;
  /** The study's vocabulary: order of the organs. @default [] (as the rows come) */
  organs?: readonly string[];
}

/** An arm minus the reference arm, over the cases that both have. */
export interface Difference extends Interval {
  /** Cases of the mean: those where both arms have a finite value, each the mean over its seeds. */
  pairs: number;
  /** Two-sided, of Wilcoxon's signed rank test over cases; NaN: not tested, too few pairs differ. */
  p: number;
  /** `p` after Holm's correction over the arms. */
  adjusted: number;
}

/** One organ of one arm, or the mean over its organs. */
export interface ArmScore extends Interval {
  /** Standard deviation over cases, each the mean over its seeds; NaN below two, and for the mean over organs. */
  caseDeviation: number;
  /** Standard deviation over seeds, each the mean over its cases; NaN below two. */
  seedDeviation: number;
  /** Over cases and seeds, a miss counting as larger than any number; of the mean over organs, the mean of theirs. */
  median: number;
  /** Cases with a finite value. */
  cases: number;
  /** Defined values (case and seed). */
  values: number;
  /** Of them those of organs that are in one of truth and prediction only: Dice 0, HD95 infinite. */
  missed: number;
  /** Values left out, the organ being in neither truth nor prediction. */
  undefined: number;
  /** Absent for the reference arm, and where there is none. */
  difference?: Difference;
}

export interface ComparedArm {
  name: string;
  seeds: number;
  /** Cases that the arm has rows of. */
  scored: number;
  /** In the order of the comparison's organs. */
  organs: ArmScore[];
  /** The plain mean over organs. */
  mean: ArmScore;
}

export interface Comparison {
  metric: Metric;
  /** Absent when no arm has its name. */
  reference?: string;
  organs: string[];
  arms: ComparedArm[];
  /** What the numbers are, and what too few seeds or cases leave open. */
  notes: ComparisonNotes;
}

/**
 * Compares arms, organ by organ and in the mean over organs.
 *
 * Intervals are those of {@linkcode bootstrapMean}, over cases and seeds. Differences are paired: the seeds of a case
 * are averaged first, then its organs for the mean over organs, and the test is over cases, which count as independent
 * subjects. METHOD section 0, rule 4: NaN is left out and counted; an infinite HD95 is a miss, left out of means, which
 * are of the finite values, and counted; in the test a case with a miss in any seed is worse than any without.
 *
 * @param rows of the runs of each arm, several seeds of an arm together
 * @throws {Error} There is no row, or an arm has two rows of one case, organ and seed.
 */
export function compareArms(
  rows: Readonly<Record<string, readonly MetricRow[]>>,
  { metric = "dice", reference = "mutual", organs: vocabulary = [] }: CompareOptions = {},
): Comparison {
  const arms = armsOf(rows).filter(([, list]) => list.length > 0);
  if (arms.length === 0) throw new Error("Cannot compare arms: at least one row is wanted, there are 0");
  const organs = organsOf(arms, vocabulary);
  const cases = casePlaces(arms.flatMap(([, list]) => list));
  const gridded = arms.map(([name, list]): GriddedArm => {
    const seeds = seedsOf(list);
    const grids = organs.map((organ) =>
      scoreGrid(list.filter((row) => row.organ === organ), { arm: name, metric, cases, seeds })
    );
    return { name, rows: list, seeds, grids };
  });
  const base = gridded.find(({ name }) => name === reference);
  const compared = gridded.map((arm): ComparedArm => {
    const scores = organs.map((organ, index) =>
      describe([arm.grids[index]], arm.rows.filter((row) => row.organ === organ))
    );
    const mean = { ...describe(arm.grids, arm.rows), median: plainMean(scores.map(({ median }) => median)) };
    if (base && arm !== base) {
      scores.forEach((score, index) => score.difference = differ(arm, base, [index]));
      mean.difference = differ(arm, base, [...organs.keys()]);
    }
    return {
      ...{ name: arm.name, seeds: arm.seeds.length, scored: casePlaces(arm.rows).size },
      ...{ organs: scores, mean },
    };
  });
  for (const index of organs.keys()) correct(compared.map((arm) => arm.organs[index].difference));
  correct(compared.map((arm) => arm.mean.difference));
  const comparison = { metric, ...base ? { reference } : {}, organs, arms: compared };
  return { ...comparison, notes: comparisonNotes(comparison, { wanted: reference, cases: cases.size }) };
}

interface GriddedArm {
  name: string;
  rows: readonly MetricRow[];
  seeds: (number | undefined)[];
  /** One an organ. */
  grids: ScoreGrid[];
}

function describe(grids: readonly ScoreGrid[], rows: readonly MetricRow[]): ArmScore {
  const values = grids.map(finiteMeanOverSeeds);
  const bySeed = Array.from(
    { length: grids[0].seeds },
    (_, seed) =>
      plainMean(
        grids.map(({ values, seeds }) => summarise(values.filter((_, place) => place % seeds === seed)).mean)
          .filter(Number.isFinite),
      ),
  );
  return {
    ...bootstrapMean(grids),
    caseDeviation: grids.length === 1 ? summarise(values[0]).std : NaN,
    seedDeviation: summarise(bySeed).std,
    median: summarise(grids.flatMap(({ values }) => [...values])).median,
    cases: casesWith(values),
    values: rows.filter(({ dice }) => !Number.isNaN(dice)).length,
    missed: rows.filter(({ hd95 }) => hd95 === Infinity).length,
    undefined: rows.filter(({ dice }) => Number.isNaN(dice)).length,
  };
}

/** Cases where any organ has a finite value. */
function casesWith(organs: number[][]): number {
  return organs[0].filter((_, index) => organs.some((values) => Number.isFinite(values[index]))).length;
}

/** Infinite when one of them is; simple-statistics' compensated sum makes NaN of that. NaN ones are left out. */
function plainMean(values: readonly number[]): number {
  const defined = values.filter((value) => !Number.isNaN(value));
  return defined.length > 0 ? defined.reduce((a, b) => a + b) / defined.length : NaN;
}

function differ(arm: GriddedArm, base: GriddedArm, organs: readonly number[]): Difference {
  const pairs = organs.map((index) => ({ own: arm.grids[index], reference: base.grids[index] }));
  const sameSeeds = arm.seeds.length === base.seeds.length &&
    arm.seeds.every((seed, index) => seed === base.seeds[index]);
  const finite = pairs.map(({ own, reference }) =>
    subtract(finiteMeanOverSeeds(own), finiteMeanOverSeeds(reference))
  );
  const ranked = pairs.map(({ own, reference }) => subtract(meanOverSeeds(own), meanOverSeeds(reference)));
  const byCase = ranked[0].map((_, index) => plainMean(ranked.map((organ) => organ[index])));
  return {
    ...bootstrapDifference(pairs, { sameSeeds }),
    pairs: casesWith(finite),
    p: signedRankTest(byCase),
    adjusted: NaN,
  };
}

/** ∞ - ∞ is NaN: both missed the organ, which is no pair. */
function subtract(own: readonly number[], reference: readonly number[]): number[] {
  return own.map((value, index) => value - reference[index]);
}

/** Holm's correction of one family: an organ's differences of all arms. */
function correct(differences: readonly (Difference | undefined)[]): void {
  const family = differences.filter((difference) => difference !== undefined);
  holm(family.map(({ p }) => p)).forEach((adjusted, index) => family[index].adjusted = adjusted);
}

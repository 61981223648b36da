/**
 * What every table, figure and page prints of an arm's scores.
 *
 * @module
 */
import { type Metric, metrics, type Statistic } from "../metrics/metric.ts";
import { metricCalled } from "../metrics/metric_names.ts";
import { type Arms, armsOf, isMiss, knownOrgans, metricName, type ScoreRow } from "../metrics/score_row.ts";
import {
  casePlaces,
  meanOverSeeds,
  type Places,
  type ScoreGrid,
  scoreGrid,
  seedsOf,
  subjectPlaces,
} from "./score_grid.ts";
import { percentile, statisticOf, summarise } from "../metrics/statistics.ts";

/** One organ of one arm, or the mean over its organs. */
export interface Score {
  /** The metric's statistic over cases, each the mean over its seeds; over organs the mean of theirs. Infinite: missed in most cases. */
  value: number;
  /** Standard deviation over cases; NaN of medians, below two cases, and over organs. */
  caseDeviation: number;
  /** Quartiles over cases; NaN over organs. */
  quartiles: readonly [first: number, third: number];
  /** Standard deviation over seeds of each seed's own value; NaN below two, and where one of them is infinite. */
  seedDeviation: number;
  /** Cases with a value, be it infinite. */
  cases: number;
  /** Values (case and seed), be they infinite. */
  values: number;
  /** Of them those of organs that are in one of truth and prediction only. */
  missed: number;
  /** Values left out, the organ being in neither truth nor prediction. */
  undefined: number;
}

export interface ScoredArm {
  name: string;
  seeds: number;
  /** Cases that the arm has rows of. */
  scored: number;
  /** In the order of the organs. */
  organs: Score[];
  /** The plain mean over organs. */
  mean: Score;
}

export interface ScoredArms {
  metric: Metric;
  /** Of the metric, with its tolerance: "HD95", "NSD at 3 mm". */
  name: string;
  /** Over cases. */
  statistic: Statistic;
  organs: string[];
  arms: ScoredArm[];
}

export interface ScoreArmsOptions {
  /** @default "dice" */
  metric?: Metric | undefined;
  /** Over cases; a mean with a missed organ's distance is infinite. @default the metric's own */
  statistic?: Statistic | undefined;
  /** The study's vocabulary: order of the organs. @default [] (as the rows come) */
  organs?: readonly string[] | undefined;
}

/**
 * Scores of arms by organ, without intervals.
 *
 * @throws {Error} There is no row, an arm has two of one case, organ and seed, or the vocabulary is another one.
 */
export function scoreArms(rows: Arms<ScoreRow>, options: ScoreArmsOptions = {}): ScoredArms {
  const { metric, name, statistic, organs, arms } = gridArms(rows, options);
  const scored = arms.map((arm) => scoreArm(arm, { metric, statistic, organs }));
  return { metric, name, statistic, organs, arms: scored };
}

export interface GriddedArm {
  name: string;
  rows: readonly ScoreRow[];
  seeds: (number | undefined)[];
  /** One an organ. */
  grids: ScoreGrid[];
}

export interface GriddedArms extends Omit<ScoredArms, "arms"> {
  cases: Places;
  /** Of each case its subject. */
  subjects: number[];
  arms: GriddedArm[];
}

/** The rows of every arm that has some as grids of cases and seeds, an organ each. */
export function gridArms(
  rows: Arms<ScoreRow>,
  { metric = "dice", statistic = metricCalled(metric).statistic, organs: vocabulary = [] }: ScoreArmsOptions,
): GriddedArms {
  const given = armsOf(rows).filter(([, list]) => list.length > 0);
  if (given.length === 0) throw new Error("Cannot compare arms: at least one row is wanted, there are 0");
  const all = given.flatMap(([, list]) => list);
  const organs = knownOrgans(given, vocabulary);
  const cases = casePlaces(all);
  const arms = given.map(([name, list]): GriddedArm => {
    const seeds = seedsOf(list);
    const grids = organs.map((organ) =>
      scoreGrid(list.filter((row) => row.organ === organ), { arm: name, metric, cases, seeds })
    );
    return { name, rows: list, seeds, grids };
  });
  const name = metricName(metric, all);
  return { metric, name, statistic, organs, cases, subjects: subjectPlaces(all, cases), arms };
}

/** The scores of an arm's organs, and their mean. */
export function scoreArm(
  { name, rows, seeds, grids }: GriddedArm,
  { metric, statistic, organs }: Pick<ScoredArms, "metric" | "statistic" | "organs">,
): ScoredArm {
  const scores = organs.map((organ, index) =>
    scoreOrgan(grids[index]!, { metric, statistic, rows: rows.filter((row) => row.organ === organ) })
  );
  const bySeed = seeds.map((_, seed) =>
    statisticOf(grids.map((grid) => statisticOf(seedValues(grid, seed), statistic)), "mean")
  );
  const sum = (key: "values" | "missed" | "undefined") =>
    scores.reduce((total, score) => total + score[key], 0);
  const byCase = grids.map(meanOverSeeds);
  const mean: Score = {
    value: statisticOf(scores.map(({ value }) => value), "mean"),
    caseDeviation: NaN,
    quartiles: [NaN, NaN],
    seedDeviation: deviationOf(bySeed),
    cases: byCase[0]!.filter((_, index) => byCase.some((values) => !Number.isNaN(values[index]))).length,
    values: sum("values"),
    missed: sum("missed"),
    undefined: sum("undefined"),
  };
  return { name, seeds: seeds.length, scored: casePlaces(rows).size, organs: scores, mean };
}

function scoreOrgan(
  grid: ScoreGrid,
  { metric, statistic, rows }: Pick<ScoredArms, "metric" | "statistic"> & { rows: readonly ScoreRow[] },
): Score {
  const cases = meanOverSeeds(grid).filter((value) => !Number.isNaN(value));
  const seeds = Array.from(
    { length: grid.seeds },
    (_, seed) => statisticOf(seedValues(grid, seed), statistic),
  );
  return {
    value: statisticOf(cases, statistic),
    caseDeviation: statistic === "mean" ? deviationOf(cases) : NaN,
    quartiles: [percentile(cases, 25), percentile(cases, 75)],
    seedDeviation: deviationOf(seeds),
    cases: cases.length,
    values: grid.values.filter((value) => !Number.isNaN(value)).length,
    missed: rows.filter((row) => row[metric] !== undefined && isMiss(row)).length,
    undefined: rows.filter((row) => Number.isNaN(row[metric])).length,
  };
}

function seedValues({ values, seeds }: ScoreGrid, seed: number): Float64Array {
  return values.filter((_, place) => place % seeds === seed);
}

/** NaN where one of the values is infinite; those that are NaN are left out. */
function deviationOf(values: readonly number[]): number {
  return values.includes(Infinity) ? NaN : summarise(values).std;
}

type ScoreName = Pick<ScoredArms, "metric" | "name" | "statistic">;

/** "mean Dice", "median HD95 (mm)", "mean NSD at 3 mm": what a column's heading says. */
export function scoreHeading({ metric, name, statistic }: ScoreName): string {
  const { unit } = metrics[metric];
  return `${statistic} ${name}${unit && ` (${unit})`}`;
}

/** The same as a text begins: "Median HD95 (mm)". */
export function scoreTitle(scores: ScoreName): string {
  const heading = scoreHeading(scores);
  return `${heading.charAt(0).toUpperCase()}${heading.slice(1)}`;
}

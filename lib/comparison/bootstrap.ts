/**
 * Intervals of statistics over cases and seeds.
 *
 * @module
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Statistic } from "../metrics/metric.ts";
import type { ScoreGrid } from "./score_grid.ts";
import { percentile } from "../metrics/statistics.ts";

/** Resamplings of an interval. */
export const RESAMPLES = 2000;
const SEED = 20070405;

export interface BootstrapOptions {
  statistic: Statistic;
  /** Of each case the number of its subject. @default every case is a subject of its own */
  subjects?: readonly number[];
}

export interface Interval {
  value: number;
  /** Ends of the 95 % interval; NaN with fewer than two subjects. Of distances they are infinite where misses reach so far. */
  low: number;
  high: number;
}

/**
 * Mean over seeds, then the statistic over cases, then the mean over organs, with its 95 % percentile bootstrap interval
 * (Efron and Tibshirani 1993, section 13.3). Two levels are drawn with replacement: subjects, all cases and organs of one
 * together, since they are not independent; and seeds, one draw for all cases, since a run scores them all. With one seed only
 * subjects are drawn. Dice is bounded and skewed, so a normal interval would reach above 1. The draws are seeded: a figure never
 * changes by itself.
 *
 * @param organs equal numbers of cases and of seeds
 */
export function bootstrapStatistic(organs: readonly ScoreGrid[], options: BootstrapOptions): Interval {
  const value = organs.map((grid): CaseValue => (index, [weights]) => caseMean(grid, index, weights!));
  const seeds = organs.slice(0, 1).map(({ seeds }) => seeds);
  return interval(value, { ...options, cases: casesOf(organs[0]), seeds });
}

export interface DifferenceOptions extends BootstrapOptions {
  /**
   * The arms have the same seeds in the same order, which are drawn together: runs of equal seeds have initial
   * weights, order of cases and often a whole stage in common.
   */
  sameSeeds: boolean;
}

/**
 * The statistic over cases, then the mean over organs, of what an arm has more than the reference arm, with its interval
 * as {@linkcode bootstrapStatistic}. A case counts where both have a value, each averaged over its seeds first; one that
 * both missed does not.
 */
export function bootstrapDifference(
  pairs: readonly { own: ScoreGrid; reference: ScoreGrid }[],
  { sameSeeds, ...options }: DifferenceOptions,
): Interval {
  const value = pairs.map(({ own, reference }): CaseValue => (index, [first, second = first]) =>
    caseMean(own, index, first!) - caseMean(reference, index, second!)
  );
  const seeds = pairs.slice(0, 1).flatMap(({ own, reference }) =>
    sameSeeds ? [own.seeds] : [own.seeds, reference.seeds]
  );
  return interval(value, { ...options, cases: casesOf(pairs[0]?.own), seeds });
}

/** How often each seed was drawn, by arm. */
type SeedWeights = Uint32Array[];

/** The value of a case under a draw of seeds; NaN where it has none. */
type CaseValue = (index: number, weights: SeedWeights) => number;

function casesOf(grid: ScoreGrid | undefined): number {
  return grid ? grid.values.length / grid.seeds : 0;
}

/** Infinite where any of the seeds drawn missed the organ. */
function caseMean({ values, seeds }: ScoreGrid, index: number, weights: Uint32Array): number {
  let sum = 0, count = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const value = values[index * seeds + seed]!, weight = weights[seed]!;
    if (weight === 0 || Number.isNaN(value)) continue;
    sum += weight * value;
    count += weight;
  }
  return count > 0 ? sum / count : NaN;
}

interface IntervalOptions extends BootstrapOptions {
  cases: number;
  seeds: readonly number[];
}

function interval(
  organs: readonly CaseValue[],
  { cases, seeds, statistic, subjects }: IntervalOptions,
): Interval {
  const once = seeds.map((count) => new Uint32Array(count).fill(1));
  const present = Array.from({ length: cases }, (_, index) => index)
    .filter((index) => organs.some((value) => !Number.isNaN(value(index, once))));
  const numbers = present.map((index) => subjects?.[index] ?? index), own = [...new Set(numbers)];
  const places = new Map(own.map((number, place) => [number, place]));
  const subjectOf = Uint32Array.from(numbers, (number) => places.get(number)!);
  const of = meanOfOrgans(organs, { present, statistic, subjectOf });
  const whole = of({ weights: new Uint32Array(own.length).fill(1), seeds: once });
  if (own.length < 2) return { value: whole, low: NaN, high: NaN };
  const drawn = drawsOf(own.length, seeds).map(of).filter((value) => !Number.isNaN(value));
  return { value: whole, low: percentile(drawn, 2.5), high: percentile(drawn, 97.5) };
}

interface Draw {
  /** How often each subject was drawn. */
  weights: Uint32Array;
  seeds: SeedWeights;
}

const drawn = new Map<string, Draw[]>();

/** The same for equal numbers of subjects and seeds, which all intervals of a comparison have: drawn once, not hundreds of times. */
function drawsOf(subjects: number, seeds: readonly number[]): Draw[] {
  const key = `${subjects} subjects, seeds ${seeds}`;
  const known = drawn.get(key);
  if (known) return known;
  const generator = xoroshiro128plus(SEED);
  const draw = (count: number) => {
    const weights = new Uint32Array(count);
    for (let i = 0; i < count; i++) weights[count > 1 ? uniformInt(generator, 0, count - 1) : 0]!++;
    return weights;
  };
  const made = Array.from({ length: RESAMPLES }, () => ({ weights: draw(subjects), seeds: seeds.map(draw) }));
  drawn.set(key, made);
  return made;
}

/** The mean over organs of the statistic over the cases of a draw; an organ that no drawn case has is left out. */
function meanOfOrgans(
  organs: readonly CaseValue[],
  { present, statistic, subjectOf }: {
    present: readonly number[];
    statistic: Statistic;
    /** Of each of those present, its place in a draw. */
    subjectOf: Uint32Array;
  },
): (draw: Draw) => number {
  const place = statistic === "mean" ? meanOf : medianOf;
  let values = new Float64Array(present.length);
  return ({ weights, seeds }) => {
    // Subjects have different numbers of cases, so a draw may hold more cases than there are.
    const most = subjectOf.reduce((sum, place) => sum + weights[place]!, 0);
    if (most > values.length) values = new Float64Array(most);
    let total = 0, found = 0;
    for (const organ of organs) {
      let count = 0;
      for (let index = 0; index < present.length; index++) {
        const weight = weights[subjectOf[index]!]!;
        if (weight === 0) continue;
        const value = organ(present[index]!, seeds);
        if (Number.isNaN(value)) continue;
        for (let again = 0; again < weight; again++) values[count++] = value;
      }
      if (count === 0) continue;
      total += place(values.subarray(0, count));
      found++;
    }
    return found > 0 ? total / found : NaN;
  };
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function medianOf(values: Float64Array): number {
  values.sort();
  const [low, high] = [values[(values.length - 1) >> 1]!, values[values.length >> 1]!];
  return low === high ? low : (low + high) / 2;
}

/**
 * Intervals of means over cases and seeds.
 *
 * @module
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { percentile } from "./statistics.ts";

/** Resamplings of an interval. */
export const RESAMPLES = 2000;
const SEED = 20070405;

export interface Interval {
  mean: number;
  /** Ends of the 95 % interval; NaN with fewer than two cases. */
  low: number;
  high: number;
}

/** Scores of one organ in one arm. */
export interface ScoreGrid {
  /** [case, seed]; what is not finite is left out. The cases are the same, in the same order, for all that is compared. */
  values: Float64Array;
  seeds: number;
}

/**
 * Mean over seeds, then cases, then organs, with its 95 % percentile bootstrap interval (Efron and Tibshirani 1993,
 * section 13.3). Two levels are drawn with replacement: cases, all organs of a case together, since they are not
 * independent; and seeds, one draw for all cases, since a run scores them all. With one seed only cases are drawn.
 * Dice is bounded and skewed, so a normal interval would reach above 1. The draws are seeded: a figure never changes
 * by itself.
 *
 * @param organs equal numbers of cases and of seeds
 */
export function bootstrapMean(organs: readonly ScoreGrid[]): Interval {
  const value = organs.map((grid): CaseValue => (index, [weights]) => caseMean(grid, index, weights));
  return interval(value, { cases: casesOf(organs[0]), seeds: organs.slice(0, 1).map(({ seeds }) => seeds) });
}

export interface DifferenceOptions {
  /**
   * The arms have the same seeds in the same order, which are drawn together: runs of equal seeds have initial
   * weights, order of cases and often a whole stage in common.
   */
  sameSeeds: boolean;
}

/**
 * Mean over cases, then organs, of what an arm has more than the reference arm, with its interval as
 * {@linkcode bootstrapMean}. A case counts where both have a value, each averaged over its seeds first.
 */
export function bootstrapDifference(
  pairs: readonly { own: ScoreGrid; reference: ScoreGrid }[],
  { sameSeeds }: DifferenceOptions,
): Interval {
  const value = pairs.map(({ own, reference }): CaseValue => (index, [first, second = first]) =>
    caseMean(own, index, first) - caseMean(reference, index, second)
  );
  const seeds = pairs.slice(0, 1).flatMap(({ own, reference }) =>
    sameSeeds ? [own.seeds] : [own.seeds, reference.seeds]
  );
  return interval(value, { cases: casesOf(pairs[0]?.own), seeds });
}

/** How often each seed was drawn, by arm. */
type SeedWeights = Uint32Array[];

/** What is averaged over cases, under a draw of seeds; NaN where the case has none. */
type CaseValue = (index: number, weights: SeedWeights) => number;

function casesOf(grid: ScoreGrid | undefined): number {
  return grid ? grid.values.length / grid.seeds : 0;
}

function caseMean({ values, seeds }: ScoreGrid, index: number, weights: Uint32Array): number {
  let sum = 0, count = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const value = values[index * seeds + seed];
    if (weights[seed] === 0 || !Number.isFinite(value)) continue;
    sum += weights[seed] * value;
    count += weights[seed];
  }
  return count > 0 ? sum / count : NaN;
}

function interval(
  organs: readonly CaseValue[],
  { cases, seeds }: { cases: number; seeds: readonly number[] },
): Interval {
  const once = seeds.map((count) => new Uint32Array(count).fill(1));
  const present = Array.from({ length: cases }, (_, index) => index)
    .filter((index) => organs.some((value) => Number.isFinite(value(index, once))));
  const whole = meanOfMeans(organs, {
    present,
    weights: new Uint32Array(present.length).fill(1),
    seeds: once,
  });
  if (present.length < 2) return { mean: whole, low: NaN, high: NaN };
  const means = drawsOf(present.length, seeds).map(({ weights, seeds }) =>
    meanOfMeans(organs, { present, weights, seeds })
  ).filter(Number.isFinite);
  return { mean: whole, low: percentile(means, 2.5), high: percentile(means, 97.5) };
}

interface Draw {
  /** How often each case was drawn. */
  weights: Uint32Array;
  seeds: SeedWeights;
}

const drawn = new Map<string, Draw[]>();

/** The same for equal numbers of cases and seeds, which all intervals of a comparison have: drawn once, not hundreds of times. */
function drawsOf(cases: number, seeds: readonly number[]): Draw[] {
  const key = `${cases} cases, seeds ${seeds}`;
  const known = drawn.get(key);
  if (known) return known;
  const generator = xoroshiro128plus(SEED);
  const draw = (count: number) => {
    const weights = new Uint32Array(count);
    for (let i = 0; i < count; i++) weights[count > 1 ? uniformInt(generator, 0, count - 1) : 0]++;
    return weights;
  };
  const made = Array.from({ length: RESAMPLES }, () => ({ weights: draw(cases), seeds: seeds.map(draw) }));
  drawn.set(key, made);
  return made;
}

/** The mean over organs of the weighted mean over cases; an organ that no drawn case has is left out. */
function meanOfMeans(
  organs: readonly CaseValue[],
  { present, weights, seeds }: { present: number[]; weights: Uint32Array; seeds: SeedWeights },
): number {
  let total = 0, found = 0;
  for (const value of organs) {
    let sum = 0, count = 0;
    for (let place = 0; place < present.length; place++) {
      if (weights[place] === 0) continue;
      const one = value(present[place], seeds);
      if (Number.isNaN(one)) continue;
      sum += weights[place] * one;
      count += weights[place];
    }
    if (count === 0) continue;
    total += sum / count;
    found++;
  }
  return found > 0 ? total / found : NaN;
}

/**
 * Rows of scores as grids of cases and seeds.
 *
 * @module
 */
import type { Metric } from "../metrics/metric.ts";
import { caseKey, type ScoreRow } from "../metrics/score_row.ts";

/** Scores of one organ in one arm. */
export interface ScoreGrid {
  /**
   * [case, seed]; NaN where there is none, Infinity is a distance of a missed organ. The cases are the same, in the same
   * order, for all that is compared.
   */
  values: Float64Array;
  seeds: number;
}

/** A case's name, unique over datasets, to its place in every grid. */
export type Places = ReadonlyMap<string, number>;

/**
 * For each case, in the order of their places, the place of its subject among the subjects. Where rows of arms don't agree (older
 * ones don't say), what any of them says holds.
 */
export function subjectPlaces(rows: readonly ScoreRow[], cases: Places): number[] {
  const subjects = new Map<number, string>();
  for (const row of rows) if (row.subject !== undefined) subjects.set(cases.get(caseKey(row))!, row.subject);
  const places = new Map<string, number>();
  return [...cases].map(([name, place]) => {
    // A case's own name has a data set in it, which a subject's has not.
    const subject = subjects.get(place) ?? name;
    const known = places.get(subject) ?? places.size;
    places.set(subject, known);
    return known;
  });
}

export function casePlaces(rows: readonly ScoreRow[]): Places {
  const names = new Set(rows.map(caseKey));
  return new Map([...names].map((name, place) => [name, place]));
}

/** The seeds of rows in ascending order; rows without a seed are of one. */
export function seedsOf(rows: readonly ScoreRow[]): (number | undefined)[] {
  return [...new Set(rows.map(({ seed }) => seed))].sort((a, b) => (a ?? -1) - (b ?? -1));
}

export interface ScoreGridOptions {
  /** For the error. */
  arm: string;
  metric: Metric;
  cases: Places;
  seeds: readonly (number | undefined)[];
}

/**
 * Scores of one organ by case and seed, NaN where there is no row, or one without the metric.
 *
 * @throws {Error} Two rows are of one case, organ and seed.
 */
export function scoreGrid(rows: readonly ScoreRow[], options: ScoreGridOptions): ScoreGrid {
  const { arm, metric, cases, seeds } = options;
  const values = new Float64Array(cases.size * seeds.length).fill(NaN);
  const seen = new Set<number>();
  for (const row of rows) {
    const place = cases.get(caseKey(row))! * seeds.length + seeds.indexOf(row.seed);
    if (seen.has(place)) {
      const which = `case ${row.case}, organ ${row.organ}, seed ${row.seed ?? "not given"}`;
      throw new Error(
        `Cannot compare arms: one row of each case, organ and seed is wanted, ${arm} has two of ${which}`,
      );
    }
    seen.add(place);
    values[place] = row[metric] ?? NaN;
  }
  return { values, seeds: seeds.length };
}

/** For each case the mean over its seeds that have a value; Infinity where the organ was missed in any. */
export function meanOverSeeds({ values, seeds }: ScoreGrid): number[] {
  return Array.from({ length: values.length / seeds }, (_, index) => {
    const own = values.subarray(index * seeds, (index + 1) * seeds).filter((value) => !Number.isNaN(value));
    return own.length > 0 ? own.reduce((a, b) => a + b) / own.length : NaN;
  });
}

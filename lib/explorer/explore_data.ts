/**
 * What a page to explore a cohort's results is given: scores of all arms, and what their runs are.
 *
 * @module
 */
import { everyMetric, type Metric } from "../metrics/metric.ts";
import { metricsOf, type ScoreRow } from "../metrics/score_row.ts";

export type ParameterCell = string | number | boolean;

export interface ExploredRun {
  /** Such as `hippocampus/mutual/default/v001`. */
  name: string;
  seed?: number | undefined;
  /** In words, such as "part 1 of 5". */
  fold?: string | undefined;
  /** When it ended, ISO 8601 to the minute. */
  ended?: string | undefined;
  seconds: number;
  /** From the page's folder to the run's; where the page cannot show files, absent. */
  path?: string | undefined;
}

/** A run that is not finished. */
export interface RunningRun {
  name: string;
  state: string;
  /** When its last attempt began, ISO 8601. */
  since?: string | undefined;
  /** Such as `partial_organ  60/120  own 0.412  Dice 0.731`; empty where nothing was said yet. */
  line: string;
  /** Why it failed. */
  error?: string | undefined;
}

export interface ExploredArm {
  /** As tables name it. */
  name: string;
  /** The experiment's name for people. */
  title: string;
  experiment: string;
  parameters: Readonly<Record<string, ParameterCell>>;
  runs: readonly ExploredRun[];
  rows: EncodedRows;
}

export interface ExploreData {
  cohort: string;
  /** The page comes from a server that knows pictures of cases; else it is a file. */
  served: boolean;
  arms: readonly ExploredArm[];
  /** Names of parameters that are not the same in all arms, but for the seed; sorted. */
  differing: readonly string[];
  /** Runs and arms of which there are no scores, in words. */
  unfinished: readonly { name: string; state: string }[];
  /** Of each dataset the organs that its training scans show, where the cohort's file is known. */
  labelled?: Readonly<Record<string, readonly string[]>>;
  /** What one should know before reading the numbers: sentences. */
  warnings: readonly string[];
}

/** A number as JSON has it: NaN is null. */
type EncodedNumber = number | null | "Infinity";

/** Rows as columns, texts by their places in lists: a page of 200 runs stays small. */
export interface EncodedRows {
  /** [dataset, case, subject or null] */
  cases: readonly (readonly [dataset: string, id: string, subject: string | null])[];
  organs: readonly string[];
  seeds: readonly (number | null)[];
  /** Of each row its place in `cases`, `organs` and `seeds`. */
  places: readonly (readonly [case_: number, organ: number, seed: number])[];
  /** Of each metric that a row has a value a row; null with `lacking` where the row has none. */
  metrics: Partial<Record<Metric, readonly EncodedNumber[]>>;
  /** Places of rows that lack a metric which others have. */
  lacking: Partial<Record<Metric, readonly number[]>>;
  tolerances: readonly (number | null)[];
}

const encodeNumber = (value: number): EncodedNumber =>
  Number.isNaN(value) ? null : value === Infinity ? "Infinity" : value;
const decodeNumber = (value: EncodedNumber): number => value === null ? NaN : Number(value);

/** Gives each value a place. */
class Register<T> {
  readonly #places = new Map<string, number>();
  readonly list: T[] = [];
  placeOf(value: T): number {
    const key = JSON.stringify(value), known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.list.length);
    return this.list.push(value) - 1;
  }
}

/** {@linkcode decodeRows} gives back rows that are equal to the last bit. */
export function encodeRows(rows: readonly ScoreRow[]): EncodedRows {
  const cases = new Register<[string, string, string | null]>();
  const organs = new Register<string>(), seeds = new Register<number | null>();
  const present = metricsOf(rows);
  return {
    places: rows.map((row) => [
      cases.placeOf([row.dataset, row.case, row.subject ?? null]),
      organs.placeOf(row.organ),
      seeds.placeOf(row.seed ?? null),
    ]),
    cases: cases.list,
    organs: organs.list,
    seeds: seeds.list,
    metrics: Object.fromEntries(
      present.map((metric) => [metric, rows.map((row) => encodeNumber(row[metric] ?? NaN))]),
    ),
    lacking: Object.fromEntries(
      present.map((
        metric,
      ) => [metric, rows.flatMap((row, place) => row[metric] === undefined ? [place] : [])]),
    ),
    tolerances: rows.map(({ nsdToleranceMm }) => nsdToleranceMm ?? null),
  };
}

export function decodeRows(encoded: EncodedRows): ScoreRow[] {
  const { places, cases, organs, seeds, metrics, lacking, tolerances } = encoded;
  return places.map(([case_, organ, seed], place): ScoreRow => {
    const [dataset, id, subject] = cases[case_]!;
    const scores = everyMetric.flatMap((metric) => {
      const values = metrics[metric];
      if (values === undefined || lacking[metric]?.includes(place)) return [];
      return [[metric, decodeNumber(values[place]!)] as const];
    });
    const tolerance = tolerances[place];
    return {
      case: id,
      dataset,
      ...subject === null ? {} : { subject },
      organ: organs[organ]!,
      ...seeds[seed] === null ? {} : { seed: seeds[seed]! },
      dice: NaN,
      ...Object.fromEntries(scores),
      ...tolerance === null || tolerance === undefined ? {} : { nsdToleranceMm: tolerance },
    };
  });
}

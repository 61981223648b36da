/**
 * Scores (rows of metrics.csv), by arm and organ.
 *
 * @module
 */
import { unknownName } from "../text/unknown_name.ts";
import { everyMetric, type Metric, metrics, type Scores } from "./metric.ts";

/**
 * How one organ of one case was segmented: what scoring yields, metrics.csv keeps, and statistics, figures and tables read.
 * Of metrics other than Dice, older files may lack some. NaN: the organ is in neither truth nor prediction; Infinity
 * (distances): in one of the two only (METHOD section 0, rule 4).
 */
export interface ScoreRow extends Partial<Scores> {
  readonly case: string;
  /** Tells cases of the same name apart. */
  readonly dataset: string;
  /** The person, by the id of its first case. @default every case is a person of its own, or, in older files, nobody says */
  readonly subject?: string;
  /** Its name. */
  readonly organ: string;
  /** Of the run, where several runs of one arm stand together: their rows differ in it. metrics.csv has none. */
  readonly seed?: number;
  /** 0…1 */
  readonly dice: number;
  /** Tolerance of this organ's NSD, mm; older files do not have it. */
  readonly nsdToleranceMm?: number;
}

/** What tells a row's case from all others. */
export function caseKey({ dataset, case: id }: Pick<ScoreRow, "dataset" | "case">): string {
  return JSON.stringify([dataset, id]);
}

/** Rows of one arm, or of several by the arm's name. Rows of several seeds may stand in one arm. */
export type Arms<Row> = readonly Row[] | Readonly<Record<string, readonly Row[]>>;

/** [name, rows] of each arm; rows without an arm's name get the name "". */
export function armsOf<Row>(arms: Arms<Row>): [string, readonly Row[]][] {
  return isRows(arms) ? [["", arms]] : Object.entries(arms);
}

function isRows<Row>(arms: Arms<Row>): arms is readonly Row[] {
  return Array.isArray(arms);
}

/** Organs in the order of the study's vocabulary where it is given, else of their first row. */
export function organsOf(
  arms: readonly [string, readonly { organ: string }[]][],
  vocabulary: readonly string[] = [],
): string[] {
  const present = new Set(arms.flatMap(([, rows]) => rows.map(({ organ }) => organ)));
  return [...new Set([...vocabulary.filter((organ) => present.has(organ)), ...present])];
}

/**
 * {@linkcode organsOf} rows, checked: the vocabulary may lack organs of the rows, or have more.
 *
 * @throws {Error} It lacks some and has others instead: one of them is misspelt.
 */
export function knownOrgans(
  arms: readonly [string, readonly { organ: string }[]][],
  vocabulary: readonly string[] = [],
): string[] {
  const organs = organsOf(arms, vocabulary);
  const absent = vocabulary.find((organ) => !organs.includes(organ));
  if (absent !== undefined && organs.some((organ) => vocabulary.length > 0 && !vocabulary.includes(organ))) {
    throw new Error(`Cannot order organs: an organ ${unknownName(absent, organs)}`);
  }
  return organs;
}

/**
 * The metrics that any of the rows has, in their order.
 *
 * @example
 * ```ts
 * import { metricsOf, readArms, scoresByArm } from "consilium/results";
 *
 * metricsOf(scoresByArm(await readArms("hippocampus"))); // ["dice", "nsd", "hd95", "assd"]
 * ```
 */
export function metricsOf(arms: Arms<ScoreRow>): Metric[] {
  const rows = armsOf(arms).flatMap(([, list]) => list);
  return everyMetric.filter((metric) => rows.some((row) => row[metric] !== undefined));
}

/** The organ is in one of truth and prediction only; not to be told from rows without any distance. */
export function isMiss(row: ScoreRow): boolean {
  return everyMetric.some((metric) => metrics[metric].missed === Infinity && row[metric] === Infinity);
}

/** "HD95", or with its tolerance "NSD at 3 mm", "NSD at 1–3 mm"; without it where the rows do not know it. */
export function metricName(metric: Metric, rows: readonly ScoreRow[]): string {
  const { name, tolerance } = metrics[metric];
  if (!tolerance) return name;
  const found = rows.flatMap(({ nsdToleranceMm = NaN }) =>
    Number.isNaN(nsdToleranceMm) ? [] : nsdToleranceMm
  );
  if (found.length === 0) return name;
  const [least, most] = [found.reduce((a, b) => Math.min(a, b)), found.reduce((a, b) => Math.max(a, b))];
  return `${name} at ${least === most ? most : `${least}–${most}`} mm`;
}

/**
 * Scores (rows of metrics.csv) by arm and organ.
 *
 * @module
 */

/** What statistics, figures and tables read of a score: one case and organ. */
export interface MetricRow {
  case: string;
  /** Tells cases of the same name apart. */
  dataset?: string;
  organ: string;
  /** Of the run; the rows of several runs of one arm differ in it. */
  seed?: number;
  /** 0…1; NaN: the organ is in neither truth nor prediction. */
  dice: number;
  /** mm; Infinity: the organ is in one of the two only; NaN: in neither. */
  hd95: number;
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

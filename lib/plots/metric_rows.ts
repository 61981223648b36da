/**
 * Scores (rows of metrics.csv) by arm and organ.
 *
 * @module
 */

/** What the figures and tables read of a score: one case and organ. */
export interface MetricRow {
  case: string;
  /** Tells cases of the same name apart. */
  dataset?: string;
  organ: string;
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
  arms: [string, readonly { organ: string }[]][],
  vocabulary: readonly string[] = [],
): string[] {
  const present = new Set(arms.flatMap(([, rows]) => rows.map(({ organ }) => organ)));
  return [...new Set([...vocabulary.filter((organ) => present.has(organ)), ...present])];
}

/** A value for each case of one organ: the mean over the rows (seeds) of the case; undefined ones are left out. */
export function byCase(rows: readonly MetricRow[], organ: string): Map<string, number> {
  const values = new Map<string, number[]>();
  for (const row of rows) {
    if (row.organ !== organ || Number.isNaN(row.dice)) continue;
    const key = JSON.stringify([row.dataset, row.case]);
    values.set(key, [...values.get(key) ?? [], row.dice]);
  }
  return new Map([...values].map(([name, list]) => [name, list.reduce((a, b) => a + b) / list.length]));
}

/** How many rows of an organ have no value, because it is in neither truth nor prediction. */
export function countUndefined(rows: readonly MetricRow[], organ: string): number {
  return rows.filter((row) => row.organ === organ && Number.isNaN(row.dice)).length;
}

/** One line that says what was left out, or nothing; "2–5" where the arms differ. */
export function undefinedNote(arms: [string, readonly MetricRow[]][], organs: string[]): string[] {
  const parts = organs.flatMap((organ) => {
    const counts = arms.map(([, rows]) => countUndefined(rows, organ));
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    if (most === 0) return [];
    return [`${organ} ${least === most ? most : `${least}–${most}`}`];
  });
  if (parts.length === 0) return [];
  return [`Left out, the organ being in neither truth nor prediction (cases): ${parts.join(", ")}.`];
}

/** Throws where there is nothing to show. */
export function requireRows(action: string, rows: readonly unknown[]): void {
  if (rows.length === 0) throw new Error(`Cannot ${action}: at least one row is wanted, there are 0`);
}

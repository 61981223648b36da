/**
 * What figures and tables say of rows that they leave out.
 *
 * @module
 */
import type { ScoreRow } from "../../metrics/score_row.ts";

/** How many rows of an organ have no value, because it is in neither truth nor prediction. */
export function countUndefined(rows: readonly ScoreRow[], organ: string): number {
  return rows.filter((row) => row.organ === organ && Number.isNaN(row.dice)).length;
}

/** One line that says what was left out, or nothing; "2–5" where the arms differ. */
export function undefinedNote(arms: [string, readonly ScoreRow[]][], organs: string[]): string[] {
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

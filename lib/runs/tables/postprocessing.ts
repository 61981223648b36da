/**
 * postprocessing.csv: what is taken away from an organ's predictions, and what validation said of it.
 *
 * @module
 */
import { readCsv, toCsv } from "../../files/csv_file.ts";

/** One row of postprocessing.csv. */
export interface PostprocessingRow {
  organ: string;
  /** The largest component alone stays. */
  largest: boolean;
  /** Components of this volume and more stay, mm³; 0: of any. */
  minimumMm3: number;
  /** Validation cases in which the organ, as predicted, has a Dice. */
  cases: number;
  /** Mean Dice over them as predicted, and with the rule, 0…1; NaN without any. */
  before: number;
  after: number;
}

const columns = ["organ", "largest", "minimumMm3", "cases", "before", "after"] as const;

export function postprocessingToCsv(rows: readonly PostprocessingRow[]): string {
  return toCsv(rows.map((row) => ({ ...row })), columns);
}

export async function readPostprocessingFile(path: string): Promise<PostprocessingRow[]> {
  return (await readCsv(path, columns)).map((row) => ({
    organ: row.text("organ"),
    largest: row.truth("largest"),
    minimumMm3: row.number("minimumMm3"),
    cases: row.number("cases"),
    before: row.number("before"),
    after: row.number("after"),
  }));
}

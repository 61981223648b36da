/**
 * metrics.csv: how well each organ of each case was segmented.
 *
 * @module
 */
import { readCsv, toCsv } from "./csv_file.ts";

/** One row of metrics.csv. What a value means when an organ is absent: METHOD section 0, rule 4. */
export interface ScoreRow {
  case: string;
  dataset: string;
  organ: string;
  /** 0…1; NaN when the organ is in neither truth nor prediction. */
  dice: number;
  /** 95th percentile of the surface distances, mm; infinite when only one of the two shows the organ. */
  hd95: number;
  /** Mean surface distance, mm; infinite when only one of the two shows the organ. */
  assd: number;
  /** Share of the surface within the organ's tolerance, 0…1. */
  nsd: number;
}

const columns = ["case", "dataset", "organ", "dice", "hd95_mm", "assd_mm", "nsd"];

export function scoresToCsv(rows: readonly ScoreRow[]): string {
  return toCsv(rows.map(({ hd95, assd, ...row }) => ({ ...row, hd95_mm: hd95, assd_mm: assd })), columns);
}

export async function readScores(path: string): Promise<ScoreRow[]> {
  return (await readCsv(path, columns)).map((row) => ({
    case: row.case,
    dataset: row.dataset,
    organ: row.organ,
    dice: Number(row.dice),
    hd95: Number(row.hd95_mm),
    assd: Number(row.assd_mm),
    nsd: Number(row.nsd),
  }));
}

/**
 * metrics.csv: how well each organ of each case was segmented.
 *
 * @module
 */
import { everyMetric, metrics } from "../../metrics/metric.ts";
import type { ScoreRow } from "../../metrics/score_row.ts";
import { readCsv, toCsv } from "../../files/csv_file.ts";

/** Columns of numbers by the rows' keys: one a metric, and the tolerance that some of them depend on. */
const numbers = [
  ...everyMetric.map((metric) => [metric, metrics[metric].column] as const),
  ["nsdToleranceMm", "nsd_tolerance_mm"] as const,
];

/** A row a score; columns of metrics that no row has are left out. */
export function scoresToCsv(rows: readonly ScoreRow[]): string {
  const present = numbers.filter(([key]) => rows.length === 0 || rows.some((row) => row[key] !== undefined));
  const subjects = rows.some(({ subject }) => subject !== undefined) ? ["subject"] : [];
  const cells = rows.map((row) => ({
    case: row.case,
    dataset: row.dataset,
    ...row.subject === undefined ? {} : { subject: row.subject },
    organ: row.organ,
    ...Object.fromEntries(
      present.flatMap(([key, column]) => row[key] === undefined ? [] : [[column, row[key]]]),
    ),
  }));
  return toCsv(cells, ["case", "dataset", ...subjects, "organ", ...present.map(([, column]) => column)]);
}

/**
 * Reads a file of this version or another: metrics that it lacks, or whose cells are empty, the rows lack; columns that are
 * not known here are left out.
 *
 * @throws {Error} It lacks the case, the dataset, the organ or Dice, was cut, or has a cell that cannot be a score.
 */
export async function readScores(path: string): Promise<ScoreRow[]> {
  const rows = await readCsv(path, ["case", "dataset", "organ", metrics.dice.column]);
  return rows.map((row): ScoreRow => {
    const { subject } = row.cells;
    const scores = numbers.flatMap(([key, column]) => {
      // Another version had no such metric; of the Dice every row has one, be it NaN.
      if ((row.cells as Record<string, string | undefined>)[column] === undefined) return [];
      if (row.cells[column as typeof metrics.dice.column] === "" && key !== "dice") return [];
      const value = row.number(column as typeof metrics.dice.column);
      const most = key === "nsdToleranceMm" || metrics[key].unit !== "" ? Infinity : 1;
      if (value < 0 || value > most) {
        throw row.fault(column, most === 1 ? "a number from 0 to 1" : "a number of mm from 0 on");
      }
      return [[key, value] as const];
    });
    const about = {
      case: row.text("case"),
      dataset: row.text("dataset"),
      ...subject ? { subject } : {},
      organ: row.text("organ"),
    };
    return { ...about, dice: NaN, ...Object.fromEntries(scores) };
  });
}

/**
 * history.csv: what every training step logged.
 *
 * @module
 */
import type { HistoryRow } from "../../training/recorder.ts";
import { type Cell, readCsv, toCsv } from "../../files/csv_file.ts";

const fixed = ["stage", "model", "step", "learning_rate", "seconds"] as const;

/** The fixed columns, then one a term, in the order in which the terms first appear. */
export function historyToCsv(rows: readonly HistoryRow[]): string {
  const terms = new Set(rows.flatMap((row) => Object.keys(row.terms)));
  const flat = rows.map(({ learningRate, terms, ...row }): Record<string, Cell> => ({
    ...terms,
    ...row,
    learning_rate: learningRate,
  }));
  return toCsv(flat, [...fixed, ...terms]);
}

export async function readHistoryFile(path: string): Promise<HistoryRow[]> {
  return (await readCsv(path, fixed)).map((row) => {
    const { stage, model, step: _step, learning_rate: _rate, seconds: _seconds, ...terms } = row.cells;
    // A term that a step did not log is an empty cell.
    const logged = Object.keys(terms).filter((name) => terms[name] !== "") as (typeof fixed)[number][];
    return {
      stage,
      model,
      step: row.number("step"),
      learningRate: row.number("learning_rate"),
      seconds: row.number("seconds"),
      terms: Object.fromEntries(logged.map((name) => [name, row.number(name)])),
    };
  });
}

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
  return (await readCsv(path, fixed)).map(({ stage, model, step, learning_rate, seconds, ...terms }) => ({
    stage,
    model,
    step: Number(step),
    learningRate: Number(learning_rate),
    seconds: Number(seconds),
    terms: Object.fromEntries(
      Object.entries(terms).filter(([, text]) => text !== "").map(([name, text]) => [name, Number(text)]),
    ),
  }));
}

/**
 * Tables of plain rows as CSV files that pandas and R read, too.
 *
 * @module
 */
import { parse, stringify } from "@std/csv";
import { readTextIfThere } from "./whole_file.ts";

/** What a cell may hold. */
export type Cell = string | number | boolean;

/**
 * CSV text. Numbers are written with as many digits as give the same double back, NaN and infinities as `NaN` and
 * `Infinity`, which pandas and R understand. A field that a row lacks stays empty.
 */
export function toCsv(rows: readonly Record<string, Cell>[], columns: readonly string[]): string {
  const cells = rows.map((row) =>
    columns.map((column) => row[column] === undefined ? "" : String(row[column]))
  );
  return (stringify([[...columns], ...cells]) as string).replaceAll("\r\n", "\n");
}

/** A row of a table that was read: the wanted columns are there, others may be. */
export interface CsvRow<C extends string> {
  /** By column. */
  cells: Readonly<Record<C, string> & Record<string, string | undefined>>;
  /**
   * A cell as a number, NaN and infinities too, as {@linkcode toCsv} writes them.
   *
   * @throws Error naming file, row and column when it is empty or no number
   */
  number(column: C): number;
  /** @throws Error naming file, row and column when it is empty */
  text(column: C): string;
  /** @throws Error naming file, row and column when it is neither `true` nor `false` */
  truth(column: C): boolean;
  /** The error that a cell is not what it should be. */
  fault(column: string, wanted: string): Error;
}

/**
 * Rows of a CSV file; none when the file is missing.
 *
 * @throws Error when the file lacks one of the columns wanted, or was cut
 */
export async function readCsv<const C extends string>(
  path: string,
  wanted: readonly C[],
): Promise<CsvRow<C>[]> {
  const text = await readTextIfThere(path);
  if (text === undefined || text === "") return [];
  if (!text.endsWith("\n")) throw new Error(`Cannot read table: it ends within a line (${path})`);
  const [header = [], ...rows] = cellsOf(text, path);
  const missing = wanted.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new Error(
      `Cannot read table: columns ${wanted.join(", ")} are wanted, current columns are ${
        header.join(", ")
      } (${path})`,
    );
  }
  for (const [index, { length }] of rows.entries()) {
    if (length === header.length) continue;
    throw new Error(
      `Cannot read table: a row must have ${header.length} cells, row ${index + 2} has ${length} (${path})`,
    );
  }
  return rows.map((row, index) => {
    const cells = Object.fromEntries(header.map((column, place) => [column, row[place]!]));
    return rowOf(cells as CsvRow<C>["cells"], `row ${index + 2}`, path);
  });
}

/** Numbers as JavaScript writes them, and with an exponent in capitals, as others do. */
const NUMBER = /^-?(\d+(\.\d+)?([eE][+-]?\d+)?|Infinity)$|^NaN$/;

function rowOf<C extends string>(cells: CsvRow<C>["cells"], row: string, path: string): CsvRow<C> {
  const fault = (column: string, wanted: string) =>
    new Error(`Cannot read table: ${column} must be ${wanted}, ${row} has "${cells[column]}" (${path})`);
  return {
    cells,
    fault,
    number(column) {
      if (!NUMBER.test(cells[column])) throw fault(column, "a number");
      return Number(cells[column]);
    },
    text(column) {
      if (cells[column].trim() === "") throw fault(column, "a text");
      return cells[column];
    },
    truth(column) {
      const text: string = cells[column];
      if (text !== "true" && text !== "false") throw fault(column, "true or false");
      return text === "true";
    },
  };
}

function cellsOf(text: string, path: string): string[][] {
  try {
    return parse(text) as string[][];
  } catch (cause) {
    throw new Error(`Cannot read table: it is no CSV, a quotation mark does not end (${path})`, { cause });
  }
}

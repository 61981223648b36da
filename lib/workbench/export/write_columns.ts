/**
 * A tidy table as a file.
 *
 * @module
 */
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { type Cell, toCsv } from "../../files/csv_file.ts";
import { writeWholeFile } from "../../files/whole_file.ts";
import type { TidyCell, TidyColumns } from "./tidy_scores.ts";

/**
 * Writes columns as CSV or, where the path ends in `.parquet`, as Parquet, whose columns have types: numbers (double), truth values, or
 * text where a column has both. What is undefined is empty, or null.
 */
export async function writeColumns(path: string, columns: TidyColumns): Promise<void> {
  if (path.endsWith(".parquet")) {
    const columnData = Object.entries(columns).map(([name, cells]) => parquetColumn(name, cells));
    return await writeWholeFile(path, new Uint8Array(parquetWriteBuffer({ columnData })));
  }
  const names = Object.keys(columns), count = columns[names[0]!]?.length ?? 0;
  const rows = Array.from({ length: count }, (_, index) => {
    const cells = names.flatMap((name) =>
      columns[name]![index] === undefined ? [] : [[name, columns[name]![index]!]]
    );
    return Object.fromEntries(cells) as Record<string, Cell>;
  });
  await writeWholeFile(path, toCsv(rows, names));
}

function parquetColumn(name: string, cells: readonly TidyCell[]): ColumnSource {
  const kinds = new Set(cells.filter((cell) => cell !== undefined).map((cell) => typeof cell));
  if (kinds.size === 1 && kinds.has("number")) {
    return { name, data: [...cells], type: "DOUBLE", nullable: true };
  }
  if (kinds.size === 1 && kinds.has("boolean")) {
    return { name, data: [...cells], type: "BOOLEAN", nullable: true };
  }
  const text = cells.map((cell) => cell === undefined ? undefined : String(cell));
  return { name, data: text, type: "STRING", nullable: true };
}

/**
 * A table that is sorted by a click on a column's name.
 *
 * @module
 */
/// <reference lib="dom" />
import {
  type ColumnDef,
  createTable,
  getCoreRowModel,
  getSortedRowModel,
  type SortingState,
} from "@tanstack/table-core";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

export interface Column<Row> {
  id: string;
  /** Its name. */
  head: string;
  /** What it is sorted by; undefined comes last. */
  value: (row: Row) => string | number | undefined;
  /** @default the value */
  cell?: (row: Row) => ComponentChildren;
  /** Stands right. @default false */
  numeric?: boolean;
}

export interface SortedTableProps<Row> {
  caption: ComponentChildren;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** Classes of a row. @default none */
  classOf?: (row: Row) => string;
  /** Sentences below it. @default none */
  notes?: readonly string[];
}

/** In the rows' own order until a column is chosen; up, then down, then as it was. */
export function SortedTable<Row>(props: SortedTableProps<Row>) {
  const { caption, columns, rows, keyOf, classOf, notes = [] } = props;
  const [sorting, setSorting] = useState<SortingState>([]);
  const table = createTable<Row>({
    data: [...rows],
    columns: columns.map(({ id, value }): ColumnDef<Row> => ({
      id,
      accessorFn: (row) => {
        const found = value(row);
        // NaN is in no order.
        return typeof found === "number" && Number.isNaN(found) ? undefined : found;
      },
      sortUndefined: "last",
      sortingFn: columns.find((column) => column.id === id)!.numeric ? "basic" : "alphanumeric",
    })),
    state: { sorting, columnPinning: { left: [], right: [] } },
    onStateChange: () => {},
    onSortingChange: (change) => setSorting(typeof change === "function" ? change(sorting) : change),
    renderFallbackValue: null,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
    sortDescFirst: false,
  });
  const columnOf = new Map(columns.map((column) => [column.id, column]));
  return (
    <div
      class="table"
      role="region"
      tabIndex={0}
      aria-label={columns.map(({ head }) => head).join(", ")}
    >
      <table>
        <caption>{caption}</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map(({ id, column }) => {
                const sorted = column.getIsSorted();
                const { head, numeric } = columnOf.get(id)!;
                return (
                  <th
                    key={id}
                    scope="col"
                    class={numeric ? "numeric" : ""}
                    aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : "none"}
                  >
                    {head === ""
                      ? <span class="hidden">chosen</span>
                      : (
                        <button type="button" onClick={() => column.toggleSorting()}>
                          {head}
                          {sorted === "asc" ? " ↑" : sorted === "desc" ? " ↓" : ""}
                        </button>
                      )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map(({ original }) => (
            <tr key={keyOf(original)} class={classOf?.(original) ?? ""}>
              {columns.map(({ id, value, cell, numeric }) => (
                <td key={id} class={numeric ? "numeric" : ""}>{cell ? cell(original) : value(original)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {notes.map((note) => <p class="note" key={note}>{note}</p>)}
    </div>
  );
}

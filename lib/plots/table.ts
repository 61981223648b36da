/**
 * Tables: shown by a notebook, printed in a terminal, pasted into Markdown.
 *
 * @module
 */
import Table3 from "cli-table3";
import { escapeHtml, escapeMarkdown, printable } from "./escape.ts";
import { JUPYTER_DISPLAY, type MimeBundle } from "./figure.ts";
import { wrap } from "./wrap.ts";

export type Cell = string | number | boolean | null | undefined;

/** Plain data: `columns` and `rows` may be changed freely before the table is shown. */
export interface Table {
  caption: string;
  columns: string[];
  rows: Cell[][];
  /** Sentences below the table. */
  notes: string[];
  [JUPYTER_DISPLAY]: () => MimeBundle;
}

export interface TableOptions {
  /** Keys of the rows that become columns, in their order. @default all keys of all rows */
  columns?: string[];
  /** @default "" */
  caption?: string;
  /** @default [] */
  notes?: string[];
}

/** A table of records: one a row. */
export function table(
  records: readonly Readonly<Record<string, Cell>>[],
  { columns = keys(records), caption = "", notes = [] }: TableOptions = {},
): Table {
  return {
    caption,
    columns,
    rows: records.map((record) => columns.map((key) => Object.hasOwn(record, key) ? record[key] : null)),
    notes,
    [JUPYTER_DISPLAY]() {
      return {
        "text/html": tableToHtml(this),
        "text/markdown": tableToMarkdown(this),
        "text/plain": tableToText(this),
      };
    },
  };
}

function keys(records: readonly Readonly<Record<string, Cell>>[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}

/** The table with lines of box-drawing characters, for a terminal of any colour. */
export function tableToText({ caption, columns, rows, notes }: Table): string {
  const numeric = columns.map((_, column) => isNumeric(rows, column));
  const cells = rows.map((row) => row.map((cell) => printable(cellText(cell))));
  const widest = columns.map((_, column) => Math.max(...cells.map((row) => row[column].length), 0));
  const drawn = new Table3({
    head: columns.map((name, column) => wrap(printable(name), widest[column]).join("\n")),
    style: { head: [], border: [], compact: true },
    colAligns: numeric.map((right) => right ? "right" : "left"),
  });
  drawn.push(...cells);
  return [...caption ? [caption] : [], drawn.toString(), ...notes].join("\n");
}

export function tableToMarkdown({ caption, columns, rows, notes }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    ...caption ? [`**${escapeMarkdown(caption)}**`, ""] : [],
    line(columns.map(escapeMarkdown)),
    line(columns.map((_, column) => isNumeric(rows, column) ? "---:" : "---")),
    ...rows.map((row) => line(row.map((cell) => escapeMarkdown(cellText(cell))))),
    ...notes.flatMap((note) => ["", escapeMarkdown(note)]),
    "",
  ].join("\n");
}

export function tableToHtml({ caption, columns, rows, notes }: Table): string {
  const align = columns.map((_, column) =>
    `style="text-align:${isNumeric(rows, column) ? "right" : "left"}"`
  );
  const head = columns.map((name, i) => `<th ${align[i]}>${escapeHtml(name)}</th>`).join("");
  const body = rows.map((row) =>
    `<tr>${row.map((cell, i) => `<td ${align[i]}>${escapeHtml(cellText(cell))}</td>`).join("")}</tr>`
  );
  return [
    "<table>",
    ...caption ? [`<caption style="text-align:left"><b>${escapeHtml(caption)}</b></caption>`] : [],
    `<thead><tr>${head}</tr></thead>`,
    "<tbody>",
    ...body,
    "</tbody>",
    "</table>",
    ...notes.map((note) => `<p><small>${escapeHtml(note)}</small></p>`),
  ].join("\n");
}

/** Numbers to four significant digits; what is undefined is a dash, a miss is ∞. */
function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return "–";
  if (typeof cell !== "number") return String(cell);
  if (Number.isNaN(cell)) return "–";
  if (!Number.isFinite(cell)) return cell > 0 ? "∞" : "-∞";
  return Number.isInteger(cell) ? String(cell) : String(Number(cell.toPrecision(4)));
}

/** Columns of numbers, or of texts that begin with one ("0.91 ± 0.03"), stand to the right. */
function isNumeric(rows: Cell[][], column: number): boolean {
  const cells = rows.map((row) => row[column]).filter((cell) => cell !== null && cell !== undefined);
  return cells.length > 0 &&
    cells.every((cell) => typeof cell === "number" || /^[-–+]?(\d+(\.\d+)?( |$)|∞|$)/.test(String(cell)));
}

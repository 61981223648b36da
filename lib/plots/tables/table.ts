/**
 * Tables: shown by a notebook, printed in a terminal, pasted into Markdown.
 *
 * @module
 */
import Table3 from "cli-table3";
import { escapeHtml, escapeMarkdown, printable } from "../escape.ts";
import { JUPYTER_DISPLAY, type MimeBundle } from "../figure.ts";
import { wrap, wrapName } from "../../text/wrap.ts";

export type Cell = string | number | boolean | null | undefined | MarkedCell;

/** A text that stands out. */
export interface MarkedCell {
  text: string;
  /** @default false */
  bold?: boolean;
  /** Set as a superscript, such as stars. @default "" */
  mark?: string;
}

/** Plain data: `columns` and `rows` may be changed freely before the table is shown. */
export interface Table {
  caption: string;
  columns: string[];
  rows: Cell[][];
  /** Rows that begin a block: a line stands above them where the form has lines. */
  blocks: number[];
  /** Sentences below the table. */
  notes: string[];
  [JUPYTER_DISPLAY]: () => MimeBundle;
}

export interface TableOptions {
  /** Keys of the rows that become columns, in their order. @default all keys of all rows */
  columns?: string[];
  /** @default "" */
  caption?: string | undefined;
  /** @default [] */
  notes?: string[] | undefined;
  /** @default [] */
  blocks?: number[];
}

/**
 * A table of records: one a row.
 *
 * @example
 * ```ts
 * import { table } from "consilium/plots";
 *
 * table([{ organ: "Liver", Dice: 0.94 }, { organ: "Spleen", Dice: 0.91 }], { caption: "Test cases" });
 * ```
 */
export function table(
  records: readonly Readonly<Record<string, Cell>>[],
  { columns = keys(records), caption = "", notes = [], blocks = [] }: TableOptions = {},
): Table {
  return {
    caption,
    columns,
    rows: records.map((record) => columns.map((key) => Object.hasOwn(record, key) ? record[key] : null)),
    blocks,
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

/** Letters of a line of notes below a table that is narrower. */
const LEAST_WIDTH = 80;

/**
 * The table with lines of box-drawing characters, for a terminal of any colour.
 *
 * @example
 * ```ts
 * import { table, tableToText } from "consilium/plots";
 *
 * console.log(tableToText(table([{ organ: "Liver", Dice: 0.94 }, { organ: "Spleen", Dice: 0.91 }])));
 * ```
 */
export function tableToText({ caption, columns, rows, notes }: Table): string {
  const numeric = columns.map((_, column) => isNumeric(rows, column));
  const cells = rows.map((row) => row.map((cell) => printable(cellText(cell))));
  const drawn = new Table3({
    head: columns.map((name, column) => {
      // A row may be shorter than the others.
      const widest = Math.max(...cells.flatMap((row) => row[column]?.length ?? []), 0);
      return wrapName(printable(name), widest).join("\n");
    }),
    style: { head: [], border: [], compact: true },
    colAligns: numeric.map((right) => right ? "right" : "left"),
  });
  drawn.push(...cells);
  const text = drawn.toString();
  const width = Math.max(LEAST_WIDTH, text.indexOf("\n"));
  return [
    ...caption ? wrap(printable(caption), width) : [],
    text,
    ...notes.flatMap((note) => wrap(printable(note), width)),
  ].join("\n");
}

/**
 * The table as a page of Markdown has it, its notes below it.
 *
 * @example
 * ```ts
 * import { table, tableToMarkdown } from "consilium/plots";
 *
 * console.log(tableToMarkdown(table([{ organ: "Liver", Dice: 0.94 }, { organ: "Spleen", Dice: 0.91 }])));
 * ```
 */
export function tableToMarkdown({ caption, columns, rows, notes }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    ...caption ? [`**${escapeMarkdown(caption)}**`, ""] : [],
    line(columns.map(escapeMarkdown)),
    line(columns.map((_, column) => isNumeric(rows, column) ? "---:" : "---")),
    ...rows.map((row) => line(row.map(markdownCell))),
    ...notes.flatMap((note) => ["", escapeMarkdown(note)]),
    "",
  ].join("\n");
}

export function tableToHtml({ caption, columns, rows, blocks, notes }: Table): string {
  const align = columns.map((_, column) =>
    `style="text-align:${isNumeric(rows, column) ? "right" : "left"}"`
  );
  const head = columns.map((name, i) => `<th ${align[i]}>${escapeHtml(name).replaceAll("_", "_<wbr>")}</th>`)
    .join("");
  const body = rows.map((row, index) => {
    const line = blocks.includes(index) && index > 0 ? ' style="border-top:1px solid #999"' : "";
    return `<tr${line}>${row.map((cell, i) => `<td ${align[i]}>${htmlCell(cell)}</td>`).join("")}</tr>`;
  });
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

function markdownCell(cell: Cell): string {
  const { text, bold, mark } = markedCell(cell);
  const escaped = escapeMarkdown(text);
  // Emphasis around nothing would be seen as stars.
  return `${bold && escaped.trim() !== "" ? `**${escaped}**` : escaped}${escapeMarkdown(mark)}`;
}

function htmlCell(cell: Cell): string {
  const { text, bold, mark } = markedCell(cell);
  const escaped = escapeHtml(text);
  return `${bold ? `<b>${escaped}</b>` : escaped}${
    mark && `<sup style="line-height:0">${escapeHtml(mark)}</sup>`
  }`;
}

/** A cell's text with how it is set. */
export function markedCell(cell: Cell): Required<MarkedCell> {
  if (typeof cell !== "object" || cell === null) return { text: cellText(cell), bold: false, mark: "" };
  return { bold: false, mark: "", ...cell };
}

/** Numbers to four significant digits; what is undefined is a dash, a miss is ∞. */
function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return "–";
  if (typeof cell === "object") return `${cell.text}${cell.mark ?? ""}`;
  if (typeof cell !== "number") return String(cell);
  if (Number.isNaN(cell)) return "–";
  if (!Number.isFinite(cell)) return cell > 0 ? "∞" : "-∞";
  return Number.isInteger(cell) ? String(cell) : String(Number(cell.toPrecision(4)));
}

/** A number, signed or "< 0.001", alone or before a space; a lone dash; nothing; "missed 3 of 5". */
const NUMERIC = /^([<>] )?[-–−+]?(\d+(\.\d+)?( |$)|∞|missed( \d|$)|$)/;

/** Columns of numbers, or of texts that begin with one ("0.91 ± 0.03"), stand to the right. */
export function isNumeric(rows: Cell[][], column: number): boolean {
  const cells = rows.map((row) => row[column]).filter((cell) => cell !== null && cell !== undefined);
  return cells.length > 0 &&
    cells.every((cell) => typeof cell === "number" || NUMERIC.test(markedCell(cell).text));
}

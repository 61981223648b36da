/** Tables as they are printed, read back. */
import { parse } from "@std/csv";

/** Cells of all lines with the separator, without what surrounds them. */
export function cellsOf(text: string, separator: "|" | "│" | "&"): string[][] {
  return text.split("\n").filter((line) => line.includes(separator)).map((line) => {
    const cells = line.replace(/\\\\$/, "").split(separator === "&" ? / & / : separator);
    return (separator === "&" ? cells : cells.slice(1, -1)).map((cell) =>
      cell.trim().replace(/\\(?=[_<>])/g, "")
    );
  });
}

/** The number that a cell begins with, as it is printed there; ∞ where the organ is missed in most cases. */
export function numberIn(cell: string): string {
  const text = cell.replace(/\*\*|\\textbf\{\\boldmath |\$/g, "").trim();
  if (text.startsWith("missed")) return "∞";
  return /^(([<>] )?\d+\.\d+|∞|–)/.exec(text)?.[0] ?? `no number: ${cell}`;
}

export interface PrintedTable {
  caption: string;
  columns: string[];
  rows: string[][];
}

export function readHtmlTables(page: string): PrintedTable[] {
  const textOf = (html: string) =>
    html.replace(/<sup.*?<\/sup>|<[^>]+>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").trim();
  const all = (html: string, tag: string) =>
    [...html.matchAll(new RegExp(`<${tag}\\b[^>]*>(.*?)</${tag}>`, "gs"))].map(([, inner]) => inner!);
  return all(page, "table").map((table) => ({
    caption: textOf(all(table, "caption")[0] ?? ""),
    columns: all(table, "th").map(textOf),
    rows: all(all(table, "tbody")[0] ?? "", "tr").map((row) => all(row, "td").map(textOf)),
  }));
}

/** A table under a Markdown heading or sentence: that which begins first behind `after`. */
export function markdownTable(text: string, after: string): [header: string[], ...rows: string[][]] {
  const start = text.indexOf(after);
  if (start < 0) throw new Error(`Cannot find "${after}"`);
  const lines = text.slice(start).split("\n");
  const first = lines.findIndex((line) => line.startsWith("|"));
  const behind = lines.slice(first).findIndex((line) => !line.startsWith("|"));
  const table = lines.slice(first, behind < 0 ? undefined : first + behind).join("\n");
  const [header, ...rows] = cellsOf(table, "|").filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)));
  if (!header) throw new Error(`Cannot find a table behind "${after}"`);
  return [header, ...rows];
}

/** Rows by the names of their columns, of which only some may be wanted. */
export function toObjects<Column extends string>(csv: string): Record<Column, string>[] {
  const [header, ...rows] = parse(csv) as [string[], ...string[][]];
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index]]))) as Record<
    Column,
    string
  >[];
}

/**
 * Tables for a paper.
 *
 * @module
 */
import { LATEX_PREAMBLE, latexText } from "./latex_text.ts";
import { type Cell, isNumeric, markedCell, type Table } from "./table.ts";
import { wrapName } from "../../text/wrap.ts";

export interface LatexTableOptions {
  /** `\label{tab:…}`: letters, digits, "-", "_" and ".". */
  label: string;
}

/**
 * A `table` environment to be read by `\input`, after `\usepackage{booktabs,graphicx}`. One that is wider than the
 * line is made smaller. Notes are part of the caption.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm } from "consilium/results";
 * import { organTable, tableToLatex } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * console.log(tableToLatex(organTable(scores, { metrics: ["dice"] }), { label: "organs" }));
 * ```
 */
export function tableToLatex(table: Table, { label }: LatexTableOptions): string {
  const { caption, columns, rows, blocks, notes } = table;
  const align = columns.map((_, column) => isNumeric(rows, column) ? "r" : "l");
  const head = columns.map((name, column) => {
    const letters = Math.max(...rows.map((row) => markedCell(row[column]).text.length), 8);
    return heading(name, { align: align[column]!, letters });
  });
  const body = rows.flatMap((row, index) => [
    ...blocks.includes(index) && index > 0 ? ["\\midrule"] : [],
    `${row.map(latexCell).join(" & ")} \\\\`,
  ]);
  return [
    "% \\usepackage{booktabs,graphicx}",
    LATEX_PREAMBLE,
    "\\begin{table}[tbp]",
    "\\centering",
    `\\caption{${[caption, ...notes].filter((text) => text !== "").map(latexText).map(sentence).join(" ")}}`,
    `\\label{tab:${label}}`,
    "\\smallskip",
    "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%",
    `\\begin{tabular}{@{}${align.join("")}@{}}`,
    "\\toprule",
    `${head.join(" & ")} \\\\`,
    "\\midrule",
    ...body,
    "\\bottomrule",
    "\\end{tabular}}",
    "\\end{table}",
    "",
  ].join("\n");
}

function latexCell(cell: Cell): string {
  const { text, bold, mark } = markedCell(cell);
  const set = latexText(text);
  return `${bold ? `\\textbf{\\boldmath ${set}}` : set}${
    mark && `\\rlap{\\textsuperscript{${latexText(mark)}}}`
  }`;
}

/** A name in lines that are little longer than what stands below it, broken where names may break. */
function heading(name: string, { align, letters }: { align: string; letters: number }): string {
  const lines = wrapName(name, letters + 2);
  if (lines.length === 1) return latexText(name);
  return `\\begin{tabular}[b]{@{}${align}@{}}${lines.map(latexText).join("\\\\")}\\end{tabular}`;
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

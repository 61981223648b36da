/**
 * A page of figures and tables for a browser, without a server and without a network.
 *
 * @module
 */
import { escapeHtml } from "../escape.ts";
import type { Figure } from "../figure.ts";
import { PAGE_SCRIPT } from "./page_script.ts";
import { PAGE_STYLE } from "./page_style.ts";
import { type Table, tableToHtml } from "../tables/table.ts";

/** Where something on the page comes from. */
export interface Source {
  name: string;
  /** Relative to the page. */
  path: string;
}

/** A figure or a table, with the runs behind it. */
export interface PageItem {
  shown: Figure | Table;
  sources: readonly Source[];
}

export interface PageSection {
  title: string;
  /** Sentences. @default [] */
  text?: readonly string[];
  items: readonly PageItem[];
}

export interface PageOptions {
  title: string;
  /** Sentences below the title. @default [] */
  text?: readonly string[];
  /** Path of Plotly's bundle, relative to the page. */
  plotly: string;
}

/** The page as HTML: figures are live, tables are sorted by a click on a column's name. */
export function pageHtml(
  sections: readonly PageSection[],
  { title, text = [], plotly }: PageOptions,
): string {
  const anchor = (index: number) => `section-${index + 1}`;
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<link rel="icon" href="data:,">', // else the browser asks for one
    `<title>${escapeHtml(title)}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    "</head>",
    "<body>",
    `<h1>${escapeHtml(title)}</h1>`,
    ...text.map(paragraph),
    `<nav>${
      sections.map((section, index) => `<a href="#${anchor(index)}">${escapeHtml(section.title)}</a>`).join(
        " ",
      )
    }</nav>`,
    "<main>",
    ...sections.flatMap((section, index) => [
      `<section id="${anchor(index)}">`,
      `<h2>${escapeHtml(section.title)}</h2>`,
      ...(section.text ?? []).map(paragraph),
      ...section.items.map(itemHtml),
      "</section>",
    ]),
    "</main>",
    `<script src="${escapeHtml(encodeURI(plotly))}"></script>`,
    `<script>${PAGE_SCRIPT}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function paragraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}

function itemHtml({ shown, sources }: PageItem): string {
  return `<div class="item">\n${"columns" in shown ? tableToHtml(shown) : figureHtml(shown)}\n${
    sourcesHtml(sources)
  }</div>`;
}

/** The figure as JSON in the page; "<" is escaped, so that no name ends the script. */
function figureHtml({ data, layout }: Figure): string {
  const json = JSON.stringify({ data, layout }).replaceAll("<", "\\u003c");
  return `<div class="figure" style="height:${layout.height}px"><script type="application/json">${json}</script></div>`;
}

function sourcesHtml(sources: readonly Source[]): string {
  if (sources.length === 0) return "";
  const links = sources.map(({ name, path }) =>
    `<li><a href="${escapeHtml(path.split("/").map(encodeURIComponent).join("/"))}">${
      escapeHtml(name)
    }</a></li>`
  );
  const count = `${sources.length} ${sources.length === 1 ? "run" : "runs"}`;
  return `<details><summary>from ${count}</summary><ul>${links.join("")}</ul></details>\n`;
}

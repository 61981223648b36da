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
  /** What all styles build upon. @default "" */
  style?: string;
  /** Comes before the sections. @default nothing */
  live?: LivePart | undefined;
}

/** A part of a page that a program makes of data. */
export interface LivePart {
  /** Where the program draws. */
  id: string;
  /** Names and ids of its sections, for the page's list of contents. */
  sections: readonly (readonly [id: string, title: string])[];
  /** What the program finds as JSON in the element `data`. */
  data: unknown;
  /** JavaScript, run when the page is there; it stands in the element `program`. */
  program: string;
  /** CSS. */
  style: string;
}

/** The page as HTML: figures are live, tables are sorted by a click on a column's name. */
export function pageHtml(
  sections: readonly PageSection[],
  { title, text = [], plotly, style = "", live }: PageOptions,
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
    `<style>${style}${PAGE_STYLE}${live?.style ?? ""}</style>`,
    "</head>",
    "<body>",
    `<h1>${escapeHtml(title)}</h1>`,
    ...text.map(paragraph),
    `<nav aria-label="Contents">${
      [
        ...live?.sections ?? [],
        ...sections.map(({ title }, index) => [anchor(index), title] as const),
      ].map(([id, title]) => `<a href="#${id}">${escapeHtml(title)}</a>`).join(" ")
    }</nav>`,
    "<main>",
    ...live ? [`<div id="${live.id}"></div>`] : [],
    ...sections.flatMap((section, index) => [
      `<section id="${anchor(index)}">`,
      `<h2>${escapeHtml(section.title)}</h2>`,
      ...(section.text ?? []).map(paragraph),
      ...section.items.map(itemHtml),
      "</section>",
    ]),
    "</main>",
    `<script src="${escapeHtml(encodeURI(plotly))}"></script>`,
    ...live
      ? [
        `<script id="data" type="application/json">${inScript(live.data)}</script>`,
        `<script id="program">${live.program}</script>`,
      ]
      : [],
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

/** JSON in the page; "<" is escaped, so that no name ends the script. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function figureHtml({ data, layout }: Figure): string {
  const json = inScript({ data, layout });
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

/**
 * A page on disk.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { writeWholeFile } from "../../files/whole_file.ts";
import { pageHtml, type PageOptions, type PageSection } from "./page.ts";
import { PLOTLY_BUNDLE } from "../plotly_bundle.ts";

/** Plotly's file beside a page. */
export const PLOTLY_FILE = "plotly-cartesian.min.js";

const pico = fromFileUrl(import.meta.resolve("@picocss/pico/css/pico.min.css"));

/** The style that pages build upon. */
export function baseStyle(): Promise<string> {
  return Deno.readTextFile(pico);
}

/** Plotly's program, of figures of the plane. */
export function plotlyProgram(): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(fromFileUrl(import.meta.resolve(PLOTLY_BUNDLE)));
}

/** Writes `index.html` and, beside it, Plotly: the folder is whole without a network. Returns the page's path. */
export async function writePage(
  folder: string,
  sections: readonly PageSection[],
  options: Omit<PageOptions, "plotly" | "style">,
): Promise<string> {
  await writeWholeFile(join(folder, PLOTLY_FILE), await plotlyProgram());
  const page = join(folder, "index.html");
  const html = pageHtml(sections, { ...options, plotly: PLOTLY_FILE, style: await baseStyle() });
  await writeWholeFile(page, html);
  return page;
}

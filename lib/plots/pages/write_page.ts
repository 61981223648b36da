/**
 * A page on disk.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { writeWholeFile } from "../../files/whole_file.ts";
import { pageHtml, type PageOptions, type PageSection } from "./page.ts";
import { PLOTLY_BUNDLE } from "../plotly_bundle.ts";

/** Writes `index.html` and, beside it, Plotly: the folder is whole without a network. Returns the page's path. */
export async function writePage(
  folder: string,
  sections: readonly PageSection[],
  options: Omit<PageOptions, "plotly">,
): Promise<string> {
  const plotly = "plotly-cartesian.min.js";
  await writeWholeFile(
    join(folder, plotly),
    await Deno.readFile(fromFileUrl(import.meta.resolve(PLOTLY_BUNDLE))),
  );
  const page = join(folder, "index.html");
  await writeWholeFile(page, pageHtml(sections, { ...options, plotly }));
  return page;
}

/**
 * The cohorts that have results, for a browser.
 *
 * @module
 */
import { listRuns } from "../../runs/folder/list_runs.ts";
import { foldersIn } from "../../files/folder_contents.ts";
import { escapeHtml } from "../../plots/escape.ts";
import { baseStyle } from "../../plots/pages/write_page.ts";

/** A link a cohort with finished runs, and how many. */
export async function contentsPage(results: string): Promise<string> {
  const cohorts = await Promise.all((await foldersIn(results)).map(async (name) => ({
    name,
    runs: (await listRuns(name, { results, onUnreadable: () => {} })).length,
  })));
  const items = cohorts.filter(({ runs }) => runs > 0).map(({ name, runs }) =>
    `<li><a href="/${encodeURIComponent(name)}/">${escapeHtml(name)}</a>: ${runs} finished ${
      runs === 1 ? "run" : "runs"
    }</li>`
  );
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Results</title>',
    '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">',
    `<style>${await baseStyle()}</style></head><body><main class="container"><h1>Results</h1>`,
    items.length === 0 ? "<p>No run is finished yet.</p>" : `<ul>${items.join("")}</ul>`,
    "</main></body></html>\n",
  ].join("\n");
}

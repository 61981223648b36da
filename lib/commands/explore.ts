/**
 * The command `explore [cohort]`: pages to explore results in a browser, as they are now.
 *
 * Exits 2 when it was called wrongly, 130 when it was stopped.
 *
 * @module
 */
import { listRuns } from "../runs/folder/list_runs.ts";
import { foldersIn } from "../files/folder_contents.ts";
import { typed } from "../setup/typed.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { listenForInterrupts } from "../terminal/interrupts.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { showHelp } from "../terminal/usage.ts";
import { wholeNumber } from "../terminal/whole_number.ts";
import { resultLines } from "../workbench/choices.ts";
import { resultsName } from "../workbench/cohort_paths.ts";
import { answerOfCohort } from "../workbench/explore/cohort_answers.ts";
import { contentsPage } from "../workbench/explore/contents_page.ts";
import { type Answering, servePages } from "../workbench/explore/serve_pages.ts";
import { resultsFolder } from "../workbench/project.ts";

async function usage(results: string): Promise<string> {
  return `Usage: ${typed("explore [cohort] [--port n]")}

Serves pages to explore results, in a browser on this machine: arms, seeds,
datasets, organs, metric and reference are chosen, and all tables and figures
follow; from an interval to the cases behind it, and to their slices. It prints
its address, with a token; Ctrl-C ends it. On a server, forward the port:
ssh -L <port>:localhost:<port> <server>.

Cohorts that have runs, and of which experiments:
${await resultLines(results)}

Options:
  --port <n>   of this machine (default: one that is free)`;
}

const options = { port: { type: "string", default: "0" } } as const;

export interface ExploreCommandOptions {
  /** Folder of all results. @default the project's */
  results?: string;
  /** Ends the server. @default never */
  signal?: AbortSignal;
}

/** Runs the command until it is ended; returns the exit code. */
export async function explore(args: string[], command: ExploreCommandOptions = {}): Promise<number> {
  const { results = resultsFolder, signal = new AbortController().signal } = command;
  const { values, positionals: [asked] } = readArguments(args, { action: "explore", options, most: 1 });
  if (values.help) return showHelp(await usage(results));
  const port = wholeNumber(values.port, { action: "explore", name: "port", least: 0 });
  const cohort = asked === undefined ? undefined : await resultsName(asked, results);
  if (cohort !== undefined) await requireRuns(cohort, { asked: asked!, results });
  const { url, finished } = servePages({
    answer: (path, query) => answer(path, { query, results }),
    port,
    signal,
  });
  const { origin, search } = new URL(url);
  console.log(`${origin}/${cohort === undefined ? "" : `${encodeURIComponent(cohort)}/`}${search}`);
  console.error("Open this address in a browser of this machine. Ctrl-C ends the pages.");
  await finished;
  return 0;
}

async function requireRuns(
  cohort: string,
  { asked, results }: { asked: string; results: string },
): Promise<void> {
  if ((await listRuns(cohort, { results, onUnreadable: () => {} })).length > 0) return;
  const { readFinishedArms } = await import("../workbench/find_arms.ts");
  await readFinishedArms(cohort, { results, told: asked }); // which says what there is
}

async function answer(
  path: string,
  { query, results }: { query: URLSearchParams; results: string },
): Promise<Answering | undefined> {
  const [, name = "", ...rest] = path.split("/"), names = await foldersIn(results);
  if (name === "") return { type: "text/html; charset=utf-8", body: await contentsPage(results) };
  // Only what the folder of results has is a cohort: no path leads out of it.
  if (!names.includes(name) || rest.length !== 1) return undefined;
  return await answerOfCohort(name, rest[0]!, { query, results });
}

if (import.meta.main) {
  const { stop } = listenForInterrupts(() => console.error("\nThe pages have ended."));
  await exitWith((args) => explore(args, { signal: stop }));
}

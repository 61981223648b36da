/**
 * The command `view <run> <case>`: a page that shows a test case of a run in three planes and in 3D.
 *
 * It never loads TensorFlow. Exits 2 when called wrongly or something is missing (nothing is written then).
 *
 * @module
 */
import { join } from "@std/path";
import { writeWholeFile } from "../files/whole_file.ts";
import { volumePage } from "../plots/volumes/volume_page.ts";
import { caseVolumes, locateRun, requireCase } from "../workbench/case_volumes.ts";
import { typed } from "../setup/typed.ts";
import { resultLines } from "../workbench/choices.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { resultsFolder } from "../workbench/project.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { refuse, showHelp } from "../terminal/usage.ts";

async function usage(results: string): Promise<string> {
  return `Usage: ${typed("view <run> <case> [--out <file>]")}

Writes one HTML page that a browser shows without any network: scan, truth and
prediction of a test case in three planes and in 3D. <run> is a folder such as
results/phantom/mutual/default/v001, or its name from phantom on; without a case
it says which cases there are.

Cohorts that have runs, and of which experiments:
${await resultLines(results)}

Options:
  --out <file>   where to (default: <run>/predictions/<case>.html). The page
                 holds the scan: mind its licence`;
}

const options = { out: { type: "string" } } as const;

export interface ViewOptions {
  /** Folder of all results. @default the project's */
  results?: string;
}

/** Runs the command; returns the exit code. */
export async function view(args: string[], { results = resultsFolder }: ViewOptions = {}): Promise<number> {
  const { values: { out, help }, positionals: [run, caseId] } = readArguments(args, {
    action: "view",
    options,
    most: 2,
  });
  if (help) return showHelp(await usage(results));
  if (!run) return refuse(await usage(results), "Cannot view: no run is named");
  const found = await locateRun(run, { results });
  requireCase(caseId, found);
  const path = out ?? join(found.folder, "predictions", `${caseId}.html`);
  const page = await volumePage(await caseVolumes(caseId, found));
  await writeWholeFile(path, page);
  console.error(`Open it in a browser (${(page.length / 2 ** 20).toFixed(1)} MiB):`);
  console.log(path);
  return 0;
}

if (import.meta.main) await exitWith(view);

/**
 * `deno task view <run> <case>`: a page that shows a test case of a run in three planes and in 3D.
 *
 * It never loads TensorFlow. Exits 2 when called wrongly or something is missing (nothing is written then).
 *
 * @module
 */
import { join } from "@std/path";
import { parseArgs } from "node:util";
import { writeWholeFile } from "../files/whole_file.ts";
import { volumePage } from "../plots/volumes/volume_page.ts";
import { caseVolumes, checkCase, findRun } from "./case_volumes.ts";
import { exitWith } from "./exit_with.ts";
import { resultsFolder } from "./project.ts";

const USAGE = `Usage: deno task view <run> <case> [--out <file>]

Writes one HTML page that a browser shows without any network: scan, truth and prediction of a test case in three planes
and in 3D. <run> is a folder such as results/phantom/mutual/default/v001, or its name from phantom on.

  --out <file>   where to (default: <run>/predictions/<case>.html). The page holds the scan: mind its licence`;

const options = { out: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

export interface ViewOptions {
  /** Folder of all results. @default the project's */
  results?: string;
}

/** Runs the command; returns the exit code. */
export async function view(args: string[], { results = resultsFolder }: ViewOptions = {}): Promise<number> {
  const { values: { out, help }, positionals: [run, caseId, ...others] } = parseArgs({
    args,
    allowPositionals: true,
    options,
  });
  if (help || !run || others.length > 0) {
    console.error(USAGE);
    return help ? 0 : 2;
  }
  const found = await findRun(run, { results });
  checkCase(caseId, found);
  const path = out ?? join(found.folder, "predictions", `${caseId}.html`);
  const page = await volumePage(await caseVolumes(caseId, found));
  await writeWholeFile(path, page);
  console.error(`Open it in a browser (${(page.length / 2 ** 20).toFixed(1)} MiB):`);
  console.log(path);
  return 0;
}

if (import.meta.main) await exitWith(view);

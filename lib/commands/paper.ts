/**
 * The command `paper <file>`: a paper's tables and figures from its runs.
 *
 * Exits 2 when it was called wrongly, or a run is not there.
 *
 * @module
 */
import { basename, join, resolve } from "@std/path";
import { shellWord, typed } from "../setup/typed.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { shortPath } from "../terminal/short_path.ts";
import { refuse, showHelp } from "../terminal/usage.ts";
import { makePaper } from "../workbench/paper/make_paper.ts";
import { writeManifest } from "../workbench/paper/manifest.ts";
import { readPaper } from "../workbench/paper/paper_file.ts";
import { paperPath, resultsFolder } from "../workbench/project.ts";

const usage = () =>
  `Usage: ${typed("paper <file> [--out folder]")}

Makes the tables and figures of a paper from its runs: a JSON file says cohorts,
arms and what the paper calls them, metrics and reference. Tables come as
Markdown, LaTeX (booktabs) and CSV in full digits, figures as SVG, PNG and
Plotly's JSON; manifest.json says of which runs, commits, versions and data each
is. <file> may be a name of experiments/papers.

Options:
  --out <folder>   (default: results/paper/<the file's name>)`;

const options = { out: { type: "string" } } as const;

export interface PaperCommandOptions {
  /** Folder of all results. @default the project's */
  results?: string;
}

/** Runs the command; returns the exit code. */
export async function paper(args: string[], command: PaperCommandOptions = {}): Promise<number> {
  const { results = resultsFolder } = command;
  const { values, positionals: [file] } = readArguments(args, { action: "make a paper", options, most: 1 });
  if (values.help) return showHelp(usage());
  if (!file) return refuse(usage(), "Cannot make a paper: no file is named");
  const path = resolve(paperPath(file)), read = await readPaper(path);
  const folder = resolve(values.out ?? join(results, "paper", basename(path, ".json")));
  const parts = await makePaper(read, { folder, results });
  const out = values.out === undefined ? "" : ` --out ${shellWord(values.out)}`;
  const manifest = await writeManifest(parts, {
    folder,
    paper: path,
    command: `consilium paper ${shellWord(file)}${out}`,
  });
  for (const { name, files, warnings } of parts) {
    for (const warning of warnings) console.error(`${name}: ${warning}`);
    for (const file of files) console.log(shortPath(file));
  }
  console.log(shortPath(manifest));
  return 0;
}

if (import.meta.main) await exitWith(paper);

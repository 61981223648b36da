/**
 * The command `notebooks`: makes the notebooks of experiments/ from templates and tables of parameters.
 *
 * @module
 */
import { readTextIfThere, writeWholeFile } from "../../files/whole_file.ts";
import { experiments } from "../../methods/experiments.ts";
import { typed } from "../../setup/typed.ts";
import { exitWith } from "../../terminal/exit_with.ts";
import { readArguments } from "../../terminal/read_arguments.ts";
import { showHelp } from "../../terminal/usage.ts";
import { notebookText } from "../../workbench/notebook_template.ts";
import { experimentPath } from "../../workbench/project.ts";

const usage = () =>
  `Usage: ${typed("notebooks")}

Makes the notebooks of experiments/ anew, each from its method's template
(experiments/templates) and table of parameters (lib/methods).`;

/** The notebooks as they should be: text by path. */
export async function generatedNotebooks(): Promise<Record<string, string>> {
  const names = Object.entries(experiments).filter(([, { notebook }]) => notebook).map(([name]) => name);
  const texts = await Promise.all(
    names.map(async (name) => [experimentPath(name), (await notebookText(name))!]),
  );
  return Object.fromEntries(texts);
}

/** Runs the command; returns the exit code. */
export async function notebooks(args: string[]): Promise<number> {
  const { values } = readArguments(args, { action: "make notebooks", most: 0 });
  if (values.help) return showHelp(usage());
  for (const [path, text] of Object.entries(await generatedNotebooks())) {
    if (await readTextIfThere(path) === text) continue;
    await writeWholeFile(path, text);
    console.log(path);
  }
  return 0;
}

if (import.meta.main) await exitWith(notebooks);

/**
 * The experiments that can be run: methods and their arms, and notebooks of one's own in experiments/.
 *
 * @module
 */
import { dirname } from "@std/path";
import { exists } from "../files/whole_folder.ts";
import { experiments, findExperiment } from "../methods/experiments.ts";
import { type ExperimentNotebook, readExperiment } from "../runs/notebooks/experiment_notebook.ts";
import { readNotebook } from "../runs/notebooks/notebook.ts";
import { unknownName } from "../text/unknown_name.ts";
import { notebookText } from "./notebook_template.ts";
import { experimentPath, filesNamed } from "./project.ts";

/** Their names: the registry's in its order, then others. */
export async function experimentNames(): Promise<string[]> {
  const files = await filesNamed(dirname(experimentPath("any")), ".ipynb");
  const known = Object.keys(experiments);
  return [...known, ...files.filter((name) => !known.includes(name))];
}

/** @throws Error with the experiments there are, when it is none of them */
export async function requireExperiment(experiment: string): Promise<void> {
  const names = await experimentNames();
  if (names.includes(experiment)) return;
  throw new Error(`Cannot run: the experiment ${unknownName(experiment, names)}`);
}

/** The notebook that an experiment is opened by: its own, or, of an arm that has none, its method's. */
export async function notebookOf(experiment: string): Promise<string> {
  const own = experimentPath(experiment);
  const found = findExperiment(experiment);
  return found === undefined || await exists(own) ? own : experimentPath(found.method.name);
}

/**
 * An experiment's notebook as it is now: its file, or, of an arm that has none, what its method's template makes of it.
 *
 * @throws as readExperiment
 */
export async function readProjectExperiment(experiment: string): Promise<ExperimentNotebook> {
  const own = experimentPath(experiment);
  const made = await exists(own) ? undefined : await notebookText(experiment);
  return await readExperiment(experiment, made === undefined ? own : await notebookOf(experiment), {
    text: made,
  });
}

/** What an experiment is, as a line. */
export async function describeExperiment(experiment: string): Promise<string> {
  const found = findExperiment(experiment);
  if (found) return found.says;
  const { cells } = await readNotebook(experimentPath(experiment));
  const heading = cells.find(({ cell_type, source }) => cell_type === "markdown" && source.startsWith("# "));
  return heading ? heading.source.split("\n")[0]!.slice(2) : "";
}

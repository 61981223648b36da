/**
 * What to do where a run, or what git does not keep of it, is missing.
 *
 * @module
 */
import { exists } from "../files/whole_folder.ts";
import { splitFold, withFold } from "../data/cohorts/fold.ts";
import { experimentParameters } from "../methods/experiments.ts";
import { readNotebook } from "../runs/notebooks/notebook.ts";
import { declaredParameters, type ParameterValue } from "../runs/notebooks/parameters.ts";
import { resolve } from "@std/path";
import type { RunRecord } from "../runs/folder/run_record.ts";
import { shellWord, typed } from "../setup/typed.ts";
import { projectFolder } from "./project.ts";
import { notebookOf } from "./project_experiments.ts";
import { shortPath } from "../terminal/short_path.ts";

/** Why there may be no run in a folder; of several, they are the places it may be in. */
export async function missingRun(...folders: string[]): Promise<string> {
  for (const folder of folders) {
    const partial = `${folder.replace(/\/+$/, "")}.partial`;
    if (await exists(partial)) return `an unfinished run lies in ${partial}`;
  }
  return "it must be a folder such as results/phantom/mutual/default/v001";
}

/** What makes the run's weights and predictions again. */
export async function remedy(record: RunRecord): Promise<string> {
  const { experiment, status, parameters } = record;
  const notebook = await notebookOf(experiment);
  if (!await exists(notebook)) return `it holds the scores of predictions made elsewhere`;
  const known = experimentParameters(experiment) ??
    declaredParameters(await readNotebook(notebook), notebook);
  const defaults = new Map<string, ParameterValue>(known.map(({ name, value }) => [name, value]));
  const settings = Object.entries(parameters).flatMap(([name, value]) =>
    defaults.get(name) === value ? [] : [`--set ${shellWord(`${name}=${here(name, value)}`)}`]
  );
  const command = typed(["run", experiment, ...settings].join(" "));
  if (status !== "finished") return `it is not finished, and goes on with: ${command}`;
  return `git does not keep them. To make them again, move the folder away and type: ${command}`;
}

/** A cohort's file is recorded by its path from the project's folder, and typed by that from here. */
function here(name: string, value: ParameterValue): ParameterValue {
  if (name !== "cohort") return value;
  const { cohort, fold } = splitFold(String(value));
  return cohort.endsWith(".json") ? withFold(shortPath(resolve(projectFolder, cohort)), fold) : value;
}

/** What starts an experiment. */
export function startCommand(experiment: string, cohort: string): string {
  return typed(`run ${experiment} --cohort ${shellWord(cohort)}`);
}

/**
 * An arm as it is asked for: its notebook found, its parameters checked. Nothing here loads TensorFlow.
 *
 * @module
 */
import { resolve } from "@std/path";
import { splitFold, withFold } from "../../data/cohorts/fold.ts";
import { checkParameters } from "../../methods/definition/check_parameters.ts";
import type { ExperimentNotebook } from "../../runs/notebooks/experiment_notebook.ts";
import { type Parameters, parseAssignments, resolveParameters } from "../../runs/notebooks/parameters.ts";
import { findCohort } from "../cohort_paths.ts";
import { cohortOfFile, projectFolder, recordedCohort, shortOfProject } from "../project.ts";
import { readProjectExperiment, requireExperiment } from "../project_experiments.ts";

/** An arm that can be run once its study is there. */
export interface CheckedArm {
  experiment: string;
  /** The experiment's notebook as it is now: this is what runs. */
  notebook: ExperimentNotebook;
  /** All of its parameters. */
  parameters: Parameters;
}

/**
 * Checks an arm without looking at its data.
 *
 * @param given parameters, or texts `name=value`
 * @throws Error when the experiment, a parameter or the cohort's file is wrong
 */
export async function checkArm(
  experiment: string,
  given: Parameters | readonly string[],
): Promise<CheckedArm> {
  await requireExperiment(experiment);
  const notebook = await readProjectExperiment(experiment);
  const values = isTexts(given)
    ? withProjectPath(parseAssignments(given, notebook.defaults), Deno.cwd())
    : withProjectPath(given, projectFolder);
  const parameters = resolveParameters(values, notebook.defaults);
  checkParameters(experiment, parameters);
  await findCohort(recordedCohort(parameters.cohort as string));
  return { experiment, notebook, parameters };
}

function isTexts(given: Parameters | readonly string[]): given is readonly string[] {
  return Array.isArray(given);
}

/**
 * Files as runs record them: of the cohort, and of vectors.
 *
 * @param folder which a relative path is of: what is typed is of the folder it is typed in, what stands in a file of the
 *   project's
 */
function withProjectPath(given: Parameters, folder: string): Parameters {
  const { cohort, vectors } = given, files: Parameters = {};
  if (typeof cohort === "string") {
    const { cohort: file, fold } = splitFold(cohort);
    if (file.endsWith(".json")) files.cohort = withFold(cohortOfFile(resolve(folder, file)), fold);
  }
  if (typeof vectors === "string" && vectors.endsWith(".json")) {
    files.vectors = shortOfProject(resolve(folder, vectors));
  }
  return { ...given, ...files };
}

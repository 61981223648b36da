/**
 * An arm before it starts: its notebook found, its parameters checked, its study prepared.
 *
 * @module
 */
import { resolve } from "@std/path";
import { splitFold, withFold } from "../../data/cohorts/fold.ts";
import { versionOfExperiment } from "../../methods/experiments.ts";
import { checkParameters } from "../../methods/definition/check_parameters.ts";
import type { StageWork } from "../../runs/progress/forecast.ts";
import { type ExperimentNotebook } from "../../runs/notebooks/experiment_notebook.ts";
import { type Parameters, parseAssignments, resolveParameters } from "../../runs/notebooks/parameters.ts";
import type { ReadyMember } from "../../runs/sweeps/run_members.ts";
import { toolPaths } from "../../setup/tool_paths.ts";
import { armWork, requireTrainableExperiment } from "../session/arm_work.ts";
import { findCohort } from "../cohort_paths.ts";
import { type LoadedStudy, loadStudy, type LoadStudyOptions } from "../load_study.ts";
import { readProjectExperiment, requireExperiment } from "../project_experiments.ts";
import { withBar } from "../../terminal/progress_bar.ts";
import { cohortOfFile, projectFolder, recordedCohort, resultsFolder, shortOfProject } from "../project.ts";

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

/** Prepares arms' studies, each once however many arms want it; shows a bar and tells their warnings. */
export function studyLoader(signal: AbortSignal): (arm: CheckedArm) => Promise<LoadedStudy> {
  const studies = new Map<string, Promise<LoadedStudy>>();
  async function load(cohort: string, options: LoadStudyOptions): Promise<LoadedStudy> {
    const study = await withBar(
      "preparing scans",
      (onProgress) => loadStudy(recordedCohort(cohort), { ...options, signal, onProgress }),
    );
    for (const warning of study.warnings) console.error(`Warning: ${warning}`);
    return study;
  }
  return ({ parameters }) => {
    const cohort = parameters.cohort as string, vectors = parameters.vectors as string | undefined;
    const options = { showAll: parameters.showAll === true, vectors };
    const key = JSON.stringify([cohort, options]);
    const study = studies.get(key) ?? load(cohort, options);
    studies.set(key, study);
    return study;
  };
}

/** @throws Error with what the study lacks for the arm */
export function requireTrainableArm({ experiment, parameters }: CheckedArm, study: LoadedStudy): void {
  requireTrainableExperiment(experiment, { parameters, study });
}

/**
 * Before an arm is begun or goes on; one that is finished may be shown anywhere.
 *
 * @throws Error with what this machine lacks to train on the study
 */
export async function requireMachine(
  { experiment }: CheckedArm,
  { name, network }: LoadedStudy,
): Promise<void> {
  if (network.precision !== "bfloat16") return;
  // TensorFlow, which it loads, knows of a GPU.
  const missing = (await import("../../tensors/bfloat16.ts")).missingBfloat16();
  if (missing !== undefined) throw new Error(`Cannot run ${experiment} on ${name}: ${missing}`);
}

/**
 * What the arm's notebook will do.
 *
 * @throws Error with what the study lacks for the arm
 */
export function planArm({ experiment, notebook, parameters }: CheckedArm, study: LoadedStudy): StageWork[] {
  return armWork(experiment, notebook.notebook, { parameters, study });
}

/** What running the arm's notebook in the project wants to know. */
export function sourceOf({ experiment, notebook }: CheckedArm, study: LoadedStudy): ReadyMember["source"] {
  return {
    results: resultsFolder,
    notebook,
    cohort: study.name,
    data: study.data,
    publishScans: study.publishScans,
    methodVersion: versionOfExperiment(experiment),
    tools: toolPaths(),
    cwd: projectFolder,
  };
}

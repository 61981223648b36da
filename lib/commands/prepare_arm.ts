/**
 * An arm before it starts: its notebook found, its parameters checked, its study prepared.
 *
 * @module
 */
import { relative, resolve } from "@std/path";
import type { StageWork } from "../runs/forecast.ts";
import { readNotebook } from "../runs/notebook.ts";
import {
  declaredParameters,
  type Parameters,
  parseAssignments,
  resolveParameters,
} from "../runs/parameters.ts";
import type { ReadyMember } from "../runs/sweeps/run_members.ts";
import { toolPaths } from "../runtime/tool_paths.ts";
import { methodVersion } from "../stages/method_version.ts";
import { armWork } from "./arm_work.ts";
import { type LoadedStudy, loadStudy } from "./load_study.ts";
import { checkParameters } from "./parameter_rules.ts";
import { withBar } from "./progress_bar.ts";
import { experimentPath, projectFolder, resultsFolder } from "./project.ts";

/** An arm that can be run once its study is there. */
export interface Arm {
  experiment: string;
  /** Path of the experiment's notebook. */
  notebook: string;
  /** Parameters that are not the notebook's own. */
  given: Parameters;
  /** All of its parameters. */
  parameters: Parameters;
}

/**
 * Checks an arm without looking at its data.
 *
 * @param given parameters, or texts `name=value`
 * @throws Error when the experiment or a parameter is wrong
 */
export async function checkArm(experiment: string, given: Parameters | readonly string[]): Promise<Arm> {
  const notebook = experimentPath(experiment);
  await requireExperiment(experiment, notebook);
  const declared = declaredParameters(await readNotebook(notebook), notebook);
  const values = withProjectPath(isTexts(given) ? parseAssignments(given, declared) : given);
  const parameters = resolveParameters(values, declared);
  checkParameters(parameters);
  return { experiment, notebook, given: values, parameters };
}

function isTexts(given: Parameters | readonly string[]): given is readonly string[] {
  return Array.isArray(given);
}

async function requireExperiment(experiment: string, notebook: string): Promise<void> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(resolve(notebook, ".."))) {
    if (name.endsWith(".ipynb")) names.push(name.slice(0, -".ipynb".length));
  }
  if (names.includes(experiment)) return;
  throw new Error(`Cannot run ${experiment}: must be one of ${names.sort().join(", ")} (${notebook})`);
}

/** The kernel starts in the project's folder, so the path of a cohort's file is told as it is seen from there. */
function withProjectPath(given: Parameters): Parameters {
  const { cohort } = given;
  if (typeof cohort !== "string" || !cohort.endsWith(".json")) return given;
  const path = relative(projectFolder, resolve(cohort));
  return { ...given, cohort: path.startsWith("..") ? resolve(cohort) : path };
}

/** Prepares arms' studies, each once however many arms want it; shows a bar and tells their warnings. */
export function studyLoader(signal: AbortSignal): (arm: Arm) => Promise<LoadedStudy> {
  const studies = new Map<string, Promise<LoadedStudy>>();
  async function load(cohort: string, showAll: boolean): Promise<LoadedStudy> {
    const study = await withBar(
      "preparing scans",
      (onProgress) => loadStudy(cohort, { showAll, signal, onProgress }),
    );
    for (const warning of study.warnings) console.error(`Warning: ${warning}`);
    return study;
  }
  return ({ parameters }) => {
    const [cohort, showAll] = [parameters.cohort as string, parameters.showAll === true];
    const key = JSON.stringify([cohort, showAll]);
    const study = studies.get(key) ?? load(cohort, showAll);
    studies.set(key, study);
    return study;
  };
}

/** What the arm's notebook will do. */
export async function planArm({ notebook, parameters }: Arm, study: LoadedStudy): Promise<StageWork[]> {
  return armWork(await readNotebook(notebook), { parameters, study });
}

/** What running the arm's notebook in the project wants to know. */
export function sourceOf({ notebook }: Arm, study: LoadedStudy): ReadyMember["source"] {
  return {
    results: resultsFolder,
    notebook,
    cohort: study.name,
    data: study.data,
    publishScans: study.publishScans,
    methodVersion,
    tools: toolPaths(),
    cwd: projectFolder,
  };
}

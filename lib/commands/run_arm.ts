/**
 * One arm from the terminal: the study is prepared, the notebook executed, what happens is shown.
 *
 * @module
 */
import { relative, resolve } from "@std/path";
import { readNotebook } from "../runs/notebook.ts";
import {
  declaredParameters,
  type Parameters,
  parseAssignments,
  resolveParameters,
} from "../runs/parameters.ts";
import { type ExperimentResult, runExperiment } from "../runs/run_experiment.ts";
import { secondsOf } from "../runs/run_record.ts";
import { toolPaths } from "../runtime/tool_paths.ts";
import { methodVersion } from "../stages/method_version.ts";
import type { Interrupts } from "./interrupts.ts";
import { loadStudy } from "./load_study.ts";
import { checkParameters } from "./parameter_rules.ts";
import { withBar } from "./progress_bar.ts";
import { experimentPath, projectFolder, resultsFolder } from "./project.ts";
import { showProgress } from "./run_progress.ts";

/**
 * Runs an experiment of the project with parameters given as `name=value`.
 *
 * @throws Error before anything starts when the experiment, a parameter, the cohort or its data is wrong
 */
export async function runArm(
  experiment: string,
  assignments: readonly string[],
  interrupts: Interrupts,
): Promise<ExperimentResult> {
  const notebook = experimentPath(experiment);
  await requireExperiment(experiment, notebook);
  const declared = declaredParameters(await readNotebook(notebook), notebook);
  const given = withProjectPath(parseAssignments(assignments, declared));
  const parameters = resolveParameters(given, declared);
  checkParameters(parameters);
  const { cohort, showAll } = parameters;
  const study = await withBar(
    "preparing scans",
    (onProgress) =>
      loadStudy(cohort as string, { showAll: showAll === true, signal: interrupts.stop, onProgress }),
  );
  for (const warning of study.warnings) console.error(`Warning: ${warning}`);
  const progress = showProgress();
  try {
    return await runExperiment(experiment, given, {
      ...interrupts,
      results: resultsFolder,
      notebook,
      cohort: study.name,
      data: study.data,
      publishScans: study.publishScans,
      methodVersion,
      tools: toolPaths(),
      cwd: projectFolder,
      onEvent: progress.onEvent,
      onFolder: ({ name, path, origin }) => {
        const folder = shortPath(path);
        if (origin === "finished") console.error(`${name} was finished before (${folder})`);
        else {console.error(
            `${name} ${origin === "new" ? "begins" : "goes on from its last checkpoint"} (${folder})`,
          );}
      },
    });
  } finally {
    progress.end();
  }
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

/** A path as one would type it here. */
export function shortPath(path: string): string {
  const short = relative(Deno.cwd(), path);
  return short.startsWith("..") ? path : short;
}

/** Says in one or two lines how an arm ended. */
export function describeEnd({ folder, failure, stopped }: ExperimentResult): string {
  const path = shortPath(folder.path);
  if (stopped) {
    return `${folder.name} was stopped and is kept in ${path}; the same command goes on from there.`;
  }
  if (failure) {
    const cell = failure.cell === null ? "" : ` in cell ${failure.cell + 1}`;
    return `${folder.name} failed${cell}: ${failure.name}: ${failure.message}\n` +
      `The notebook up to there: ${path}/notebook.ipynb. The same command tries again from the last checkpoint.`;
  }
  const { record } = folder;
  const reused = record.stages.filter(({ reused }) => reused);
  const saved = reused.reduce((sum, { seconds }) => sum + seconds, 0);
  const taken = reused.length === 0
    ? ""
    : `, ${reused.map(({ name }) => name).join(", ")} (${saved.toFixed(0)} s) taken from another run`;
  return `${folder.name} took ${secondsOf(record).toFixed(0)} s${taken}. Figures: ${path}/figures`;
}

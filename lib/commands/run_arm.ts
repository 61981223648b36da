/**
 * One arm from the terminal: the study is prepared, the notebook executed, what happens is shown.
 *
 * @module
 */
import { relative } from "@std/path";
import { type ExperimentResult, runExperiment } from "../runs/run_experiment.ts";
import type { RunFolder } from "../runs/run_folder.ts";
import { secondsOf } from "../runs/run_record.ts";
import type { Interrupts } from "./interrupts.ts";
import { checkArm, sourceOf, studyLoader } from "./prepare_arm.ts";
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
  const arm = await checkArm(experiment, assignments);
  const study = await studyLoader(interrupts.stop)(arm);
  const progress = showProgress();
  try {
    return await runExperiment(experiment, arm.given, {
      ...interrupts,
      ...sourceOf(arm, study),
      onEvent: progress.onEvent,
      onFolder: (folder) => console.error(describeStart(folder)),
    });
  } finally {
    progress.end();
  }
}

/** A path as one would type it here. */
export function shortPath(path: string): string {
  const short = relative(Deno.cwd(), path);
  return short.startsWith("..") ? path : short;
}

/** Says in one line how an arm begins. */
export function describeStart({ name, path, origin }: Pick<RunFolder, "name" | "path" | "origin">): string {
  const how = origin === "finished"
    ? "was finished before"
    : origin === "new"
    ? "begins"
    : "goes on from its last checkpoint";
  return `${name} ${how} (${shortPath(path)})`;
}

/** Says in one or two lines how an arm ended. */
export function describeEnd({ folder, failure, stopped }: ExperimentResult): string {
  const path = shortPath(folder.path);
  if (stopped) {
    const where = failure?.name === "StoppedError" ? failure.message : "Stopped.";
    return `${where} ${folder.name} is kept in ${path}; the same command goes on from there.`;
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

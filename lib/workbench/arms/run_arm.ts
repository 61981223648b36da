/**
 * One arm from the terminal: the study is prepared, the notebook executed, what happens is shown.
 *
 * @module
 */
import { executionNotices } from "../../runs/notebooks/experiment_notebook.ts";
import { failureText } from "../../runs/notebooks/execute_notebook.ts";
import { type ExperimentResult, runExperiment } from "../../runs/notebooks/run_experiment.ts";
import type { RunFolder } from "../../runs/folder/run_folder.ts";
import { describeRun } from "../../runs/folder/describe_run.ts";
import { findRun } from "../../runs/folder/find_run.ts";
import { secondsOf } from "../../runs/folder/attempts.ts";
import { takenOver } from "../../runs/folder/run_record.ts";
import type { Interrupts } from "../../terminal/interrupts.ts";
import type { LoadedStudy } from "../load_study.ts";
import { oddities } from "../session/arm_work.ts";
import { checkArm, type CheckedArm } from "./check_arm.ts";
import { planArm, requireMachine, sourceOf, studyLoader } from "./prepare_arm.ts";
import { type RunProgressOptions, showProgress } from "../../terminal/run_progress.ts";
import { shortPath } from "../../terminal/short_path.ts";

export interface RunArmOptions {
  interrupts: Interrupts;
  /** Compute everything anew. @default false */
  fresh?: boolean | undefined;
}

/**
 * Runs an experiment of the project with parameters given as `name=value`.
 *
 * @throws Error before anything starts when the experiment, a parameter, the cohort or its data is wrong, or this machine lacks
 *   what they want
 */
export async function runArm(
  experiment: string,
  assignments: readonly string[],
  { interrupts, fresh }: RunArmOptions,
): Promise<ExperimentResult> {
  const arm = await checkArm(experiment, assignments);
  const study = await studyLoader(interrupts.stop)(arm);
  // Results are searched only where something is lacking: what was finished may be shown anywhere.
  await requireMachine(arm, study).catch(async (lack) => {
    if (!await isFinished(arm, { study, fresh })) throw lack;
  });
  return await runCheckedArm(arm, { study, interrupts, fresh });
}

/** Whether its run was finished before, and is to be shown alone. */
async function isFinished(
  arm: CheckedArm,
  { study, fresh }: { study: LoadedStudy; fresh: boolean | undefined },
): Promise<boolean> {
  const source = { ...sourceOf(arm, study), fresh };
  const found = await findRun(source.results, await describeRun(arm.experiment, arm.parameters, source));
  return found !== undefined && !found.partial;
}

export interface RunCheckedArmOptions extends RunProgressOptions, RunArmOptions {
  study: LoadedStudy;
}

/** Runs an arm whose parameters are checked. */
export async function runCheckedArm(
  arm: CheckedArm,
  { study, interrupts, fresh, ...options }: RunCheckedArmOptions,
): Promise<ExperimentResult> {
  for (const notice of executionNotices(arm.notebook)) console.error(notice);
  const { experiment, parameters } = arm;
  for (const odd of oddities(experiment, { parameters, study })) console.error(`Warning: ${odd}`);
  const progress = showProgress(planArm(arm, study), options);
  try {
    return await runExperiment(arm.experiment, arm.parameters, {
      ...interrupts,
      ...sourceOf(arm, study),
      fresh,
      onEvent: progress.onEvent,
      onFolder(folder) {
        console.error(describeStart(folder));
        if (folder.origin !== "finished") progress.doing("starting the notebook: kernel, TensorFlow, study");
      },
    });
  } finally {
    progress.end();
  }
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

/** Says in a few lines how an arm ended; of one that failed, the reason last. */
export function describeEnd({ folder, failure, stopped }: ExperimentResult): string {
  const path = shortPath(folder.path);
  if (stopped) {
    const where = failure?.name === "StoppedError" ? failure.message : "Stopped.";
    return `${where} ${folder.name} is kept in ${path}; the same command goes on from there.`;
  }
  if (failure) {
    const cell = failure.cell === null ? "" : ` in cell ${failure.cell + 1}`;
    return `The notebook up to there: ${path}/notebook.ipynb\n` +
      "The same command tries again from the last checkpoint.\n" +
      `${folder.name} failed${cell}: ${failureText(failure)}`;
  }
  const { record } = folder;
  const taken = takenOver(record).map(({ name, seconds, computedBy }) =>
    `, ${name} (${seconds.toFixed(0)} s) taken from ${computedBy}`
  ).join("");
  return `${folder.name} took ${secondsOf(record).toFixed(0)} s${taken}. Figures: ${path}/figures`;
}

/**
 * An arm before it starts: its study prepared, its work planned.
 *
 * @module
 */
import { askMissingBfloat16 } from "../../gpu/ask_bfloat16.ts";
import { versionOfExperiment } from "../../methods/experiments.ts";
import type { StageWork } from "../../runs/progress/forecast.ts";
import type { ReadyMember } from "../../runs/sweeps/run_members.ts";
import { toolPaths } from "../../setup/tool_paths.ts";
import { armWork, requireTrainableExperiment } from "../session/arm_work.ts";
import { type LoadedStudy, loadStudy, type LoadStudyOptions } from "../load_study.ts";
import { withBar } from "../../terminal/progress_bar.ts";
import { projectFolder, recordedCohort, resultsFolder } from "../project.ts";
import type { CheckedArm } from "./check_arm.ts";

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
  const missing = await askMissingBfloat16();
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

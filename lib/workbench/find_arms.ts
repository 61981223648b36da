/**
 * Arms of a cohort by their names, and what is said of those that are not there.
 *
 * @module
 */
import { groupByArm } from "../comparison/arm_groups.ts";
import { nameArms } from "../comparison/arm_names.ts";
import { type Arm, readArms, type ReadArmsOptions } from "../comparison/arms.ts";
import { armNames, chooseArms, type ChosenArms, type UnfinishedArm } from "../comparison/choose_arms.ts";
import { listRuns } from "../runs/folder/list_runs.ts";
import { foldersIn } from "../files/folder_contents.ts";
import { stateOf } from "../runs/folder/run_state.ts";
import { unknownName } from "../text/unknown_name.ts";
import { experimentNames } from "./project_experiments.ts";
import { allCohortNames, cohortCalled, cohortNames, isCohort } from "./cohort_paths.ts";
import { remedy, startCommand } from "./run_remedy.ts";

export interface ReadFinishedOptions extends Pick<ReadArmsOptions, "onUnreadable"> {
  /** Folder of all results. */
  results: string;
  /** What was typed for the cohort, as what runs it is told. @default its name, or that of its file in experiments/cohorts */
  told?: string | undefined;
}

export interface FindArmsOptions extends ReadFinishedOptions {
  /** Names, as in `names`, that `others` does not mean. @default "" */
  besides?: string;
  /** Names that are only to be checked. @default "" */
  check?: string;
}

/**
 * Finished arms of a cohort by their names, separated by commas; see chooseArms.
 *
 * @throws {Error} The cohort has no finished run, a name is that of no arm and no experiment, or none of them is finished.
 */
export async function findArms(
  cohort: string,
  names: string,
  { besides, check = "", ...options }: FindArmsOptions,
): Promise<ChosenArms> {
  const arms = await readFinishedArms(cohort, options);
  const unfinished = await unfinishedArms(cohort, { ...options, arms });
  armNames(check, [...arms, ...unfinished]);
  return chooseArms(arms, names, { besides, unfinished });
}

/**
 * The finished arms of a cohort, the project's own experiments first.
 *
 * @throws {Error} There is none.
 */
export async function readFinishedArms(
  cohort: string,
  { results, told, onUnreadable }: ReadFinishedOptions,
): Promise<Arm[]> {
  if ((await listRuns(cohort, { results, onUnreadable: () => {} })).length === 0) {
    if (told === undefined || !await isCohort(told)) await requireCohort(cohort, results);
    throw new Error(
      `Cannot read the arms of ${cohort}: no run of it is finished; to make one, type: ` +
        `${startCommand("mutual", told ?? await cohortCalled(cohort) ?? cohort)}${await othersWithRuns(
          results,
        )}`,
    );
  }
  return await readArms(cohort, { results, ...onUnreadable && { onUnreadable } });
}

/** @throws {Error} The cohort has no runs and no file in experiments/cohorts, nor in a folder there. */
export async function requireCohort(cohort: string, results: string): Promise<void> {
  const known = [...new Set([...await cohortsWithRuns(results, "all"), ...await cohortNames()])].sort();
  if (known.includes(cohort) || await cohortCalled(cohort) !== undefined) return;
  const choice = unknownName(cohort, known, [...known, ...await allCohortNames()]);
  throw new Error(`Cannot read results: the cohort ${choice}${await othersWithRuns(results)}`);
}

async function cohortsWithRuns(results: string, status: "finished" | "all" = "finished"): Promise<string[]> {
  const names = await foldersIn(results);
  const withRuns = await Promise.all(names.map(async (name) => {
    const runs = await listRuns(name, { results, status, onUnreadable: () => {} });
    return runs.length > 0 ? [name] : [];
  }));
  return withRuns.flat();
}

async function othersWithRuns(results: string): Promise<string> {
  const names = await cohortsWithRuns(results);
  return names.length === 0
    ? ""
    : `; ${names.join(", ")} ${names.length === 1 ? "has" : "have"} finished runs`;
}

/** Runs that are in progress or came to nothing, and experiments that never ran. */
async function unfinishedArms(
  cohort: string,
  { results, told, arms }: ReadFinishedOptions & { arms: readonly Arm[] },
): Promise<UnfinishedArm[]> {
  const finished = new Set(arms.map(({ name }) => name));
  const found = new Map<string, UnfinishedArm>();
  const runs = await listRuns(cohort, { results, status: "all", onUnreadable: () => {} });
  for (const { name, members } of await nameArms(groupByArm(runs))) {
    if (finished.has(name)) continue;
    const run = members.at(-1)!;
    const state = await stateOf(run);
    found.set(name, {
      name,
      state: state === "running" ? "it is running" : `it is ${state}; ${await remedy(run.record)}`,
    });
  }
  const asked = told ?? await cohortCalled(cohort) ?? cohort;
  for (const name of await experimentNames()) {
    if (finished.has(name) || found.has(name)) continue;
    const others = [...finished].filter((arm) => arm.startsWith(`${name}/`));
    const state = others.length > 0
      ? `it was run with other parameters alone: ${others.join(", ")}`
      : `it was not started; to run it, type: ${startCommand(name, asked)}`;
    found.set(name, { name, state, open: true });
  }
  return [...found.values()];
}

/**
 * The members of a sweep: all of them checked before the first one starts.
 *
 * @module
 */
import { InvalidFileError } from "../../data/json_file.ts";
import { contentHash } from "../../files/content_hash.ts";
import { describeRun } from "../../runs/folder/describe_run.ts";
import { differencesFromNewest, findRun, type FoundRun } from "../../runs/folder/find_run.ts";
import type { StageWork } from "../../runs/progress/forecast.ts";
import { type RunState, stateOf } from "../../runs/folder/run_state.ts";
import type { ReadyMember } from "../../runs/sweeps/run_members.ts";
import { type Sweep, sweepMembers } from "../../runs/sweeps/sweep.ts";
import { findCohort } from "../cohort_paths.ts";
import type { LoadedStudy } from "../load_study.ts";
import { recordedCohort } from "../project.ts";
import { oddities } from "../session/arm_work.ts";
import { checkArm, type CheckedArm } from "../arms/check_arm.ts";
import { planArm, requireMachine, requireTrainableArm, sourceOf, studyLoader } from "../arms/prepare_arm.ts";

/** A member whose experiment, parameters and cohort are good. */
export interface CheckedMember {
  label: string;
  arm: CheckedArm;
}

/** A member that may start, and what has become of it: `open` when it has never begun. */
export interface SweepMemberState extends ReadyMember {
  state: RunState | "open";
  /** What its notebook will do. */
  plan: readonly StageWork[];
  /** Its run, finished or not. */
  run?: FoundRun;
  /** In what an earlier run differs, in words, when that is why this one is open. */
  unlike: string[];
}

/**
 * Checks the experiment, the parameters and the cohort of every member.
 *
 * @param path the sweep's file, for the error
 * @throws {InvalidFileError} with every fault and the members that have it
 */
export async function checkMembers(sweep: Sweep, path: string): Promise<CheckedMember[]> {
  const equal = new Map<string, string>();
  return await eachMember(sweepMembers(sweep), path, async ({ label, experiment, given }) => {
    const arm = await checkArm(experiment, given);
    await findCohort(recordedCohort(arm.parameters.cohort as string));
    const hash = await contentHash([experiment, arm.parameters]);
    const twin = equal.get(hash);
    if (twin !== undefined) throw new Error(`The very same run is a member already: ${twin}`);
    equal.set(hash, label);
    return { label, arm };
  });
}

/** Makes something of every member, or one error of the faults of all. */
async function eachMember<M extends { label: string }, R>(
  members: readonly M[],
  path: string,
  make: (member: M) => Promise<R>,
): Promise<R[]> {
  const made: R[] = [];
  const faults = new Map<string, [string, ...string[]]>();
  for (const member of members) {
    try {
      made.push(await make(member));
    } catch (error) {
      const { message } = error as Error;
      const others = faults.get(message);
      others ? others.push(member.label) : faults.set(message, [member.label]);
    }
  }
  if (faults.size === 0) return made;
  const problems = [...faults].map(([message, labels]) => `${someOf(labels)}: ${message}`);
  throw new InvalidFileError(path, problems, "sweep");
}

/** `mutual, seed 1 and 26 more`. */
function someOf([first, ...others]: readonly [string, ...string[]]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

export interface ReadyMembersOptions {
  signal: AbortSignal;
  /** Whether this machine is to run those that are open, and must have what they want. @default true */
  here?: boolean;
}

/**
 * Prepares the members' data and looks what has become of their runs.
 *
 * @param path the sweep's file, for the error
 * @throws Error when the data of a cohort is wrong
 * @throws {InvalidFileError} with what studies, or this machine, lack for members
 */
export async function readyMembers(
  members: readonly CheckedMember[],
  path: string,
  { signal, here = true }: ReadyMembersOptions,
): Promise<SweepMemberState[]> {
  const loadStudyOf = studyLoader(signal);
  const studies = new Map<CheckedArm, LoadedStudy>();
  for (const { arm } of members) studies.set(arm, await loadStudyOf(arm));
  await eachMember(members, path, ({ label, arm }) => {
    requireTrainableArm(arm, studies.get(arm)!);
    return Promise.resolve(label);
  });
  const odd = members.flatMap(({ arm }) =>
    oddities(arm.experiment, { parameters: arm.parameters, study: studies.get(arm)! })
  );
  for (const text of new Set(odd)) console.error(`Warning: ${text}`);
  const ready: SweepMemberState[] = [];
  for (const { label, arm } of members) {
    const study = studies.get(arm)!, source = sourceOf(arm, study);
    const { experiment, parameters } = arm;
    const description = await describeRun(experiment, parameters, source);
    const run = await findRun(source.results, description);
    const state = run ? await stateOf({ folder: run.path, record: run.record }) : "open";
    const unlike = run ? [] : await differencesFromNewest(source.results, description);
    const found = run ? { run } : {};
    const plan = planArm(arm, study);
    ready.push({ label, experiment, parameters, source, plan, state, ...found, unlike });
  }
  const open = members.filter((_, index) => here && ready[index]!.state !== "finished");
  await eachMember(open, path, ({ arm }) => requireMachine(arm, studies.get(arm)!));
  return ready;
}

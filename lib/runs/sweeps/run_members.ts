/**
 * Runs many experiments, some at once.
 *
 * @module
 */
import { type ExperimentOptions, type ExperimentResult, runExperiment } from "../notebooks/run_experiment.ts";
import type { Parameters } from "../notebooks/parameters.ts";
import { RunInProgressError } from "../folder/run_folder.ts";

/** An experiment that may start at once: its parameters are checked, its data is there. */
export interface ReadyMember {
  label: string;
  experiment: string;
  /** All of them. */
  parameters: Parameters;
  source: Omit<ExperimentOptions, "stop" | "kill" | "onEvent" | "onFolder">;
}

/** How a member ended. A member that threw has no result: its notebook was never executed. */
export interface MemberEnd<M extends ReadyMember = ReadyMember> {
  member: M;
  status: "finished" | "failed" | "stopped";
  result?: ExperimentResult;
  error?: Error;
}

export interface RunMembersOptions<M extends ReadyMember> extends Pick<ExperimentOptions, "stop" | "kill"> {
  /** Members that run at once. @default 1 */
  jobs?: number | undefined;
  /** Dealt in turn to the places where members run at once, such as a GPU each. @default [] (all places alike) */
  environments?: readonly Record<string, string>[];
  /** Called when a member is taken up: who watches it. */
  watch: (member: M) => Pick<ExperimentOptions, "onEvent" | "onFolder">;
  /** Called when another process has the member: it is tried again later. */
  onBusy: (member: M, error: Error) => void;
  onEnd: (end: MemberEnd<M>) => void;
  /** How often a member whose notebook crashed is tried again; one that failed by an error never is. @default 0 */
  retries?: number | undefined;
  /** Called when a member is to be tried again, the `retry`-th time. @default nothing */
  onCrash?: (end: MemberEnd<M>, retry: number) => void;
  /** Seconds until a member that another process has is tried again. @default 2 */
  retrySeconds?: number;
}

/**
 * Runs the members in their order and goes on when one fails. A member that another process runs is put off until that
 * one has ended: it is finished then, or is resumed here. One that crashed goes on from its last checkpoint when all others have
 * had their turn.
 *
 * @returns how members ended, in the order of their ends; those that were not begun when it was stopped are not among them
 */
export async function runMembers<M extends ReadyMember>(
  members: readonly M[],
  options: RunMembersOptions<M>,
): Promise<MemberEnd<M>[]> {
  const { jobs = 1, environments = [], retries = 0, retrySeconds = 2, stop } = options;
  const queue = members.map((member) => ({ member, notBefore: 0, crashes: 0 }));
  const ends: MemberEnd<M>[] = [];
  async function work(env?: Record<string, string>): Promise<void> {
    while (!stop?.aborted && queue.length > 0) {
      const next = queue.findIndex(({ notBefore }) => notBefore <= performance.now());
      if (next < 0) {
        await new Promise((done) => setTimeout(done, 100));
        continue;
      }
      const { member, notBefore, crashes } = queue.splice(next, 1)[0]!;
      const end = await runMember(member, { ...options, env });
      if (end.error instanceof RunInProgressError) {
        if (notBefore === 0) options.onBusy(member, end.error);
        queue.push({ member, notBefore: performance.now() + 1000 * retrySeconds, crashes });
        continue;
      }
      if (end.status === "failed" && end.result?.failure?.crashed && crashes < retries) {
        options.onCrash?.(end, crashes + 1);
        queue.push({ member, notBefore: 0, crashes: crashes + 1 });
        continue;
      }
      ends.push(end);
      options.onEnd(end);
    }
  }
  const places = Array.from({ length: jobs }, (_, place) => environments[place % environments.length]);
  await Promise.all(places.map(work));
  return ends;
}

async function runMember<M extends ReadyMember>(
  member: M,
  { stop, kill, watch, env }: RunMembersOptions<M> & Pick<ExperimentOptions, "env">,
): Promise<MemberEnd<M>> {
  try {
    const { experiment, parameters, source } = member;
    const result = await runExperiment(experiment, parameters, {
      ...source,
      env,
      stop,
      kill,
      ...watch(member),
    });
    const status = result.stopped ? "stopped" : result.failure ? "failed" : "finished";
    return { member, status, result };
  } catch (error) {
    return { member, status: "failed", error: error as Error };
  }
}

/**
 * Members of a sweep, run in a terminal: their progress, and an ear for Ctrl-C from before there is any.
 *
 * @module
 */
import { type MemberEnd, runMembers, type RunMembersOptions } from "../../runs/sweeps/run_members.ts";
import { listenForInterrupts } from "../../terminal/interrupts.ts";
import type { SweepMemberState } from "./sweep_members.ts";
import { describeMemberEnd, showSweep } from "./sweep_progress.ts";

type RunOptions =
  & Required<Pick<RunMembersOptions<SweepMemberState>, "jobs">>
  & Pick<RunMembersOptions<SweepMemberState>, "environments" | "retries">;

export interface StoppableRuns {
  /** Aborted at the first Ctrl-C. */
  readonly stop: AbortSignal;
  /** Runs those that are not finished. */
  run(members: readonly SweepMemberState[], options: RunOptions): Promise<MemberEnd<SweepMemberState>[]>;
}

/** Listens from now on; what is said of a stop stands above the lines of progress once there are some. */
export function stoppableRuns(): StoppableRuns {
  let say = (text: string) => console.error(`\n${text}`);
  const interrupts = listenForInterrupts(() => say("Stopping after this step; again to stop at once …"));
  return {
    stop: interrupts.stop,
    async run(members, options) {
      const progress = showSweep(members, options.jobs!);
      say = progress.say;
      const open = members.filter(({ state }) => state !== "finished");
      return await runMembers(open, { ...interrupts, ...progress, ...options }).finally(progress.close);
    },
  };
}

/** Says which members failed, and whether all were stopped; returns the exit code: 0 done, 1 failed, 130 stopped. */
export function tellEnds(ends: readonly MemberEnd[], stop: AbortSignal): 0 | 1 | 130 {
  const failed = ends.filter(({ status }) => status === "failed");
  for (const end of failed) console.error(describeMemberEnd(end));
  if (!stop.aborted) return failed.length > 0 ? 1 : 0;
  console.error("Stopped; the same command goes on from there.");
  return 130;
}

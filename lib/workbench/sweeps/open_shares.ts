/**
 * A sweep dealt to tasks.
 *
 * @module
 */
import { shareOf } from "../../runs/sweeps/share.ts";
import type { Sweep } from "../../runs/sweeps/sweep.ts";
import type { SweepMemberState } from "./sweep_members.ts";

export interface SweepShares {
  sweep: Sweep;
  /** All members of the sweep. */
  members: readonly SweepMemberState[];
}

/** How many shares there are, and which of them, from 1 on, have members to run. */
export function openShares({ sweep, members }: SweepShares): { count: number; shares: number[] } {
  const count = Math.min(sweep.slurm.tasks ?? members.length, members.length);
  const shares = Array.from({ length: count }, (_, place) => place + 1).filter((index) =>
    shareOf(members, { index, count }).some(({ state }) => state !== "finished")
  );
  return { count, shares };
}

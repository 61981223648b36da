/**
 * What is known of a sweep's members while they run: how many are finished, and how long the others will take.
 *
 * @module
 */
import { secondsOf } from "../runs/run_record.ts";
import type { MemberEnd } from "../runs/sweeps/run_members.ts";
import { type MemberTime, secondsLeft } from "../runs/sweeps/time_left.ts";
import { formatSeconds } from "../runs/time_left.ts";
import type { SweepMemberState } from "./sweep_members.ts";

export class SweepBook {
  #finished: MemberTime[] = [];
  #failed = 0;
  #running = new Map<string, { experiment: string; begun: number }>();
  #open: Map<string, string>;

  /** @param jobs members that run at once */
  constructor(members: readonly SweepMemberState[], private readonly jobs: number) {
    for (const { experiment, state, run } of members) {
      if (state === "finished") this.#finished.push({ experiment, seconds: secondsOf(run!.record) });
    }
    const open = members.filter(({ state }) => state !== "finished");
    this.#open = new Map(open.map(({ label, experiment }) => [label, experiment]));
  }

  begin({ label, experiment }: SweepMemberState): void {
    this.#open.delete(label);
    this.#running.set(label, { experiment, begun: performance.now() });
  }

  putOff({ label, experiment }: SweepMemberState): void {
    this.#running.delete(label);
    this.#open.set(label, experiment);
  }

  end({ member: { label, experiment }, status, result }: MemberEnd): void {
    this.#running.delete(label);
    if (status === "finished") this.#finished.push({ experiment, seconds: secondsOf(result!.folder.record) });
    if (status === "failed") this.#failed++;
  }

  get finished(): number {
    return this.#finished.length;
  }

  /** What follows the number of finished members: `, 1 failed, about 14 min left`. */
  get rest(): string {
    const now = performance.now();
    const left = secondsLeft({
      finished: this.#finished,
      running: [...this.#running.values()].map(({ experiment, begun }) => ({
        experiment,
        seconds: (now - begun) / 1000,
      })),
      open: [...this.#open.values()],
      jobs: this.jobs,
    });
    const parts = [
      ...this.#failed > 0 ? [`${this.#failed} failed`] : [],
      ...left > 0 ? [`about ${formatSeconds(left)} left`] : [],
    ];
    return parts.map((part) => `, ${part}`).join("");
  }
}

/**
 * What is known of a sweep's members while they run: how many are finished, and how long the others will take.
 *
 * @module
 */
import { secondsOf } from "../../runs/folder/attempts.ts";
import type { MemberEnd } from "../../runs/sweeps/run_members.ts";
import { type MemberTime, secondsLeft } from "../../runs/sweeps/time_left.ts";
import { Forecast, Pace } from "../../runs/progress/forecast.ts";
import { formatSeconds } from "../../text/format_seconds.ts";
import type { SweepMemberState } from "./sweep_members.ts";

interface RunningMember {
  experiment: string;
  /** Seconds of this process's clock. */
  begun: number;
  forecast: Forecast;
}

export class SweepBook {
  #finished: MemberTime[] = [];
  #failed = 0;
  #running = new Map<string, RunningMember>();
  #open: Map<string, SweepMemberState>;
  /** Members on the same data share what work has taken. */
  #paces = new Map<string, Pace>();

  /** @param jobs members that run at once */
  constructor(members: readonly SweepMemberState[], private readonly jobs: number) {
    for (const { experiment, state, run } of members) {
      if (state === "finished") this.#finished.push({ experiment, seconds: secondsOf(run!.record) });
    }
    const open = members.filter(({ state }) => state !== "finished");
    this.#open = new Map(open.map((member) => [member.label, member]));
  }

  /** @returns what is to be told of the member's work */
  begin(member: SweepMemberState): Forecast {
    const { label, experiment } = member;
    const forecast = this.#forecastOf(member);
    this.#open.delete(label);
    this.#running.set(label, { experiment, begun: performance.now() / 1000, forecast });
    return forecast;
  }

  putOff(member: SweepMemberState): void {
    this.#running.delete(member.label);
    this.#open.set(member.label, member);
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
    const now = performance.now() / 1000;
    const left = secondsLeft({
      finished: this.#finished,
      running: [...this.#running.values()].map(({ experiment, begun, forecast }) => ({
        experiment,
        seconds: now - begun,
        left: forecast.secondsLeft,
      })),
      open: [...this.#open.values()].map((member) => ({
        experiment: member.experiment,
        seconds: this.#forecastOf(member).seconds,
      })),
      jobs: this.jobs,
    });
    const parts = [
      ...this.#failed > 0 ? [`${this.#failed} failed`] : [],
      ...left > 0 ? [`about ${formatSeconds(left)} left`] : [],
    ];
    return parts.map((part) => `, ${part}`).join("");
  }

  #forecastOf({ source, plan }: SweepMemberState): Forecast {
    const { hash } = source.data;
    if (!this.#paces.has(hash)) this.#paces.set(hash, new Pace());
    return new Forecast(plan, { pace: this.#paces.get(hash) });
  }
}

/** Runs that take no time: their stages say what they do, as real ones, on a clock of their own. */
import { Forecast, type Pace, type StageWork } from "../../../lib/runs/progress/forecast.ts";

/** A stage and what its pieces really take, by kind: seconds. */
export interface SimulatedStage extends StageWork {
  seconds: Readonly<Record<string, number>>;
  /** Training steps between two validations. */
  validateEvery?: number;
  /** It is found finished. @default false */
  reused?: boolean;
  /** Steps done before, when it is resumed. @default 0 */
  from?: number;
}

export interface Glance {
  /** Seconds since the run began. */
  at: number;
  /** What the forecast says. */
  left: number;
}

export interface Simulation {
  glances: Glance[];
  /** Seconds of the whole run. */
  seconds: number;
  forecast: Forecast;
}

/** A stage's first piece of each kind takes so many times as long: memory is allotted, code compiled. */
const COLD = 2;

export function simulate(stages: readonly SimulatedStage[], pace?: Pace): Simulation {
  let now = 0;
  const forecast = new Forecast(stages, { pace, clock: () => now });
  const glances: Glance[] = [];
  for (const { stage, work, seconds, validateEvery, reused, from = 0 } of stages) {
    now += 2; // between two stages
    if (reused) {
      forecast.end(stage);
      continue;
    }
    const first = work[0]!;
    const done: Record<string, number> = Object.fromEntries(work.map(({ kind }) => [kind, 0]));
    const validation = work.find(({ kind }) => kind === "validation");
    const perRound = validation ? validation.count / Math.ceil(first.count / validateEvery!) : 0;
    done[first.kind] = from;
    if (validation) done.validation = Math.floor(from / validateEvery!) * perRound;
    const tell = () => {
      const soFar = work.map((piece) => ({ ...piece, done: done[piece.kind]! }));
      forecast.see({ stage, step: done[first.kind]!, steps: first.count, work: soFar });
      glances.push({ at: now, left: forecast.secondsLeft });
    };
    const cold = new Set(work.map(({ kind }) => kind));
    const piece = (kind: string) => {
      now += seconds[kind]! * (cold.delete(kind) ? COLD : 1);
      done[kind]!++;
      tell();
    };
    tell();
    for (let step = from + 1; step <= first.count; step++) {
      piece(first.kind);
      if (validation && (step % validateEvery! === 0 || step === first.count)) {
        for (let i = 0; i < perRound; i++) piece("validation");
      }
    }
    for (const { kind, count } of work.filter((one) => one !== first && one !== validation)) {
      while (done[kind]! < count) piece(kind);
    }
    forecast.end(stage);
  }
  return { glances, seconds: now, forecast };
}

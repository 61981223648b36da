/**
 * Contestants measured side by side: every round each of them does one repetition, so that what disturbs the machine
 * disturbs all of them.
 *
 * @module
 */
import { type Contestant, type ContestantOptions, startContestant } from "./contestant.ts";

export interface ContestOptions {
  /** Rounds that are measured. @default 9 */
  rounds?: number;
  /** Rounds before, in which caches fill and programs are compiled. @default 2 */
  warmUps?: number;
  /** Called after every round, warm-ups too. */
  onRound?: (done: number, total: number) => void;
}

/** What was measured of one contestant. */
export interface Measurement {
  name: string;
  /** Of every measured round, in order. */
  seconds: number[];
  /** Its output in every round, warm-ups too. */
  outputs: number[][];
  /** Resident memory before the first round, with libraries and data loaded. */
  idleMiB: number;
  /** Highest resident memory in the measured rounds. */
  peakMiB: number;
}

/** A measurement of each, in their order. */
export type MeasurementsOf<T extends readonly unknown[]> = { -readonly [I in keyof T]: Measurement };

/**
 * Before each turn: threads that have ended their work spin for some milliseconds before they sleep (OpenMP's, and
 * TensorFlow's), and would take the processors from the next contestant.
 */
const PAUSE_MS = 100;

/** Runs a contest; all contestants live at the same time, one of them works at a time. */
export async function contest<const T extends readonly ContestantOptions[]>(
  contestants: T,
  { rounds = 9, warmUps = 2, onRound }: ContestOptions = {},
): Promise<MeasurementsOf<T>> {
  const started: { contestant: Contestant; measurement: Measurement }[] = [];
  try {
    for (const options of contestants) {
      const contestant = await startContestant(options);
      const idleMiB = await contestant.residentMiB();
      const measurement = { name: options.name, seconds: [], outputs: [], idleMiB, peakMiB: 0 };
      started.push({ contestant, measurement });
    }
    for (let round = 0; round < warmUps + rounds; round++) {
      for (const { contestant, measurement } of started) {
        if (round === warmUps) await contestant.resetPeak();
        await new Promise((done) => setTimeout(done, PAUSE_MS));
        const { seconds, output } = await contestant.repeat();
        if (round >= warmUps) measurement.seconds.push(seconds);
        measurement.outputs.push(output);
      }
      onRound?.(round + 1, warmUps + rounds);
    }
    for (const { contestant, measurement } of started) measurement.peakMiB = await contestant.peakMiB();
  } finally {
    for (const { contestant } of started) await contestant.close();
  }
  return started.map(({ measurement }) => measurement) as MeasurementsOf<T>;
}

/**
 * What a contest says: ratios of medians, and how far the rounds scatter.
 *
 * @module
 */
import { median } from "simple-statistics";
import { percentile } from "../../lib/metrics/statistics.ts";
import type { Measurement } from "./contest.ts";

/** One line of the table of benchmarks: ours against a peer, or against a part of ourselves. */
export interface Ratio {
  /** What was done, such as "training step, 2×64³, widths 16-32-64-128". */
  work: string;
  ours: string;
  peer: string;
  unit: "s" | "MiB";
  /** Medians over the rounds. */
  oursValue: number;
  peerValue: number;
  /** oursValue / peerValue. */
  ratio: number;
  /** 10th and 90th percentile of the ratios of the single rounds; the ratio itself where there is one value. */
  spread: [number, number];
  /** The ratio must not be above it. @default none */
  goal?: number | undefined;
}

export interface RatioOptions {
  work: string;
  /** Names of measurements. The best of the peers counts; there is one at least. */
  ours: string;
  peers: readonly string[];
  /** @default "s" */
  unit?: "s" | "MiB";
  goal?: number | undefined;
}

/** Ours against the best of the peers: the fastest, or the one whose memory grew least above its idle process. */
export function ratioOf(measurements: readonly Measurement[], options: RatioOptions): Ratio {
  const { work, ours, peers, unit = "s", goal } = options;
  const of = (name: string) => {
    const found = measurements.find((m) => m.name === name);
    if (!found) throw new Error(`Cannot compare ${work}: ${name} must have been measured, it was not`);
    return unit === "s" ? found.seconds : [found.peakMiB - found.idleMiB];
  };
  const own = of(ours);
  const best = peers.reduce((a, b) => median(of(b)) < median(of(a)) ? b : a);
  const theirs = of(best);
  const ratios = own.map((value, round) => value / theirs[round]!);
  const [oursValue, peerValue] = [median(own), median(theirs)];
  return {
    work,
    ours,
    peer: best,
    unit,
    oursValue,
    peerValue,
    ratio: oursValue / peerValue,
    spread: [percentile(ratios, 10), percentile(ratios, 90)],
    goal,
  };
}

/** Whether a ratio is as small as its goal; false where there is none. */
export function isMet({ ratio, goal }: Ratio): boolean {
  return goal !== undefined && ratio <= goal;
}

/**
 * Largest difference between the outputs of two contestants over all rounds, relative to the largest absolute output:
 * the proof that both did the same.
 *
 * @throws Error when they have not equally many rounds and numbers
 */
export function outputDifference(a: Measurement, b: Measurement): number {
  const lengths = ({ outputs }: Measurement) => outputs.map(({ length }) => length).join(", ");
  if (lengths(a) !== lengths(b)) {
    throw new Error(
      `Cannot compare outputs: numbers in each round must be equally many, ${a.name} has ${lengths(a)}, ` +
        `${b.name} ${lengths(b)}`,
    );
  }
  let difference = 0, scale = 0;
  a.outputs.forEach((output, round) =>
    output.forEach((value, i) => {
      difference = Math.max(difference, Math.abs(value - b.outputs[round]![i]!));
      scale = Math.max(scale, Math.abs(value));
    })
  );
  return difference / (scale || 1);
}

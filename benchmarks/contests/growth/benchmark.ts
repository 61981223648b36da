/**
 * How cost grows with datasets, organs, voxels and patch workers.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { median } from "simple-statistics";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../../harness/benchmark.ts";
import { contest, type ContestOptions, type Measurement } from "../../harness/contest.ts";
import { growthExponent } from "../../harness/growth_exponent.ts";
import { partsOf } from "../parts.ts";
import type { StageName, SyntheticStageOptions } from "../synthetic_stage.ts";

const DATASETS = [2, 3, 5, 9], PEERS_PER_STEP = 2;
const ORGANS = [2, 5, 10, 20, 40, 60];
const SIDES = [48, 64, 96, 128, 160, 192];
const WORKERS = [1, 2, 4, 8], COHORT = "head_neck";

type Curves = Required<Pick<BenchmarkResult, "measurements" | "curves">>;

export const benchmark: Benchmark = {
  name: "growth",
  title: "Growth of cost with datasets, organs, voxels and patch workers",
  async run(context) {
    const parts = [
      await datasets(context),
      await organs(context),
      await voxels(context),
      await workers(context),
    ];
    const curves = parts.flatMap((part) => part.curves);
    return {
      ratios: [],
      equality: {},
      measurements: parts.flatMap((part) => part.measurements),
      curves,
      notes: [
        ...curves.map(({ title, x, y, points }) =>
          `${title}: ${y} grow as ${x} to the power of ${growthExponent(points).toFixed(2)}.`
        ),
        "Datasets: networks of widths 4-8, a patch of 16³ of each dataset, one organ a dataset. N models that visit all their " +
        `peers' datasets make N² passes; ${PEERS_PER_STEP} peers a step make 3N of them (4 of 2 datasets).`,
        "Organs: logits of 16 features and the loss of its own labels, forward and backward, on 2×40×40×48. " +
        "Voxels: a network of widths 8-16-32-64. Workers: patches of 40×40×48 alone, nothing trains on them.",
      ],
    };
  },
};

const file = (name: string) => fromFileUrl(new URL(name, import.meta.url));

/** Runs one program of this folder and names what it measured. */
async function measure(
  { deno, dataRoot, progress }: BenchmarkContext,
  { work, program, args, ...options }: ContestOptions & { work: string; program: string; args: unknown[] },
): Promise<Measurement> {
  const words = args.map((arg) => typeof arg === "string" ? arg : JSON.stringify(arg));
  const [measurement] = await contest([{
    name: work,
    command: [deno, "run", "-A", file(program), ...words],
    env: { CONSILIUM_DATA: dataRoot },
  }], { onRound: (done, total) => progress(`${work}: round ${done} of ${total}`), ...options });
  return measurement;
}

const points = (xs: readonly number[], ys: readonly number[]) => xs.map((x, i) => ({ x, y: ys[i]! }));
const medians = (measurements: readonly Measurement[]) => measurements.map(({ seconds }) => median(seconds));

async function datasets(context: BenchmarkContext): Promise<Curves> {
  const growths = (["partial_organ", "full_organ"] as StageName[]).flatMap((stage) =>
    [0, PEERS_PER_STEP].map((peersPerStep) => ({
      stage,
      peersPerStep,
      title: `A mutual step of stage ${stage === "partial_organ" ? 1 : 2}, ` +
        (peersPerStep === 0 ? "all peers visited" : `${peersPerStep} peers visited`),
    }))
  );
  const stages = growths.flatMap(({ stage, peersPerStep }) =>
    DATASETS.map((count): SyntheticStageOptions => ({
      stage,
      peersPerStep,
      patch: [16, 16, 16],
      batchSize: 1,
      widths: [4, 8],
      shown: Array.from({ length: count }, (_, i) => [i + 1]),
    }))
  );
  const all = await measure(context, { work: "datasets", program: "datasets.ts", args: [stages] });
  const names = growths.flatMap(({ title }) => DATASETS.map((count) => `${title}, ${count} datasets`));
  const measurements = partsOf(all, names);
  const curves = growths.map(({ title }, i) => ({
    title,
    x: "datasets",
    y: "seconds per step",
    points: points(DATASETS, medians(measurements.slice(i * DATASETS.length, (i + 1) * DATASETS.length))),
  }));
  return { measurements, curves };
}

async function organs(context: BenchmarkContext): Promise<Curves> {
  const all = await measure(context, { work: "organs", program: "organs.ts", args: [ORGANS] });
  const measurements = partsOf(all, ORGANS.map((count) => `logits and loss, ${count} organs`));
  const curve = {
    title: "Logits and loss",
    x: "organs",
    y: "seconds",
    points: points(ORGANS, medians(measurements)),
  };
  return { measurements, curves: [curve] };
}

async function voxels(context: BenchmarkContext): Promise<Curves> {
  const measurements: Measurement[] = [];
  for (const side of SIDES) {
    const work = `training step, ${side}³`;
    measurements.push(
      await measure(context, { work, program: "voxels.ts", args: [side], warmUps: 1, rounds: 3 }),
    );
  }
  const memory = measurements.map(({ peakMiB, idleMiB }) => peakMiB - idleMiB);
  const shared = { x: "voxels per side" };
  return {
    measurements,
    curves: [
      { ...shared, title: "A training step", y: "seconds", points: points(SIDES, medians(measurements)) },
      {
        ...shared,
        title: "Memory of a training step",
        y: "MiB above the idle process",
        points: points(SIDES, memory),
      },
    ],
  };
}

async function workers(context: BenchmarkContext): Promise<Curves> {
  const measurements: Measurement[] = [];
  for (const count of WORKERS) {
    const work = `patches of ${COHORT}, ${count} workers`;
    const measured = await measure(context, {
      work,
      program: "workers.ts",
      args: [COHORT, count],
      warmUps: 1,
      rounds: 5,
    });
    measurements.push(...partsOf(measured, [work]));
  }
  const rates = medians(measurements).map((seconds) => 1 / seconds);
  const curve = {
    title: `Patches of ${COHORT}`,
    x: "workers",
    y: "patches per second",
    points: points(WORKERS, rates),
  };
  return { measurements, curves: [curve] };
}

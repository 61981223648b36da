/**
 * Whether memory stays as it is over thousands of steps.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { linearRegression } from "simple-statistics";
import type { Benchmark } from "../../harness/benchmark.ts";
import { contest } from "../../harness/contest.ts";

const STEPS = 5000, SAMPLE_EVERY = 250;
/** Steps in which memory may still grow: TensorFlow and V8 keep what they will use again. */
const SETTLING = 1000;

interface Sample {
  step: number;
  tensors: number;
  residentMiB: number;
}

export const benchmark: Benchmark = {
  name: "long_training",
  title: `Memory over ${STEPS} mutual steps, half of them in each stage`,
  async run({ deno, temporary, progress }) {
    progress(`${STEPS} steps`);
    const ours = fromFileUrl(new URL("ours.ts", import.meta.url));
    const measurements = await contest([{
      name: `${STEPS} steps`,
      command: [deno, "run", "-A", ours, temporary, `${STEPS / 2}`, `${SAMPLE_EVERY}`],
    }], { rounds: 1, warmUps: 0 });
    const samples = samplesOf(measurements[0].outputs[0]!);
    return {
      ratios: [],
      equality: {},
      measurements,
      curves: [{
        title: "Memory over a long training",
        x: "steps",
        y: "MiB resident",
        points: samples.map(({ step, residentMiB }) => ({ x: step, y: residentMiB })),
      }],
      notes: [
        describe(samples),
        "Two models of widths 2-4 on two datasets of two organs each, patches of 8³ from one worker, validations every 500 " +
        "steps, checkpoints every 10 s (gathered, not written).",
      ],
    };
  },
};

function samplesOf(output: readonly number[]): Sample[] {
  return Array.from({ length: output.length / 3 }, (_, i) => ({
    step: output[3 * i]!,
    tensors: output[3 * i + 1]!,
    residentMiB: output[3 * i + 2]!,
  }));
}

function describe(samples: readonly Sample[]): string {
  const counts = (stage: readonly Sample[]) => [...new Set(stage.map(({ tensors }) => tensors))].join(", ");
  const [first, second] = [samples.slice(0, samples.length / 2), samples.slice(samples.length / 2)];
  const settled = samples.filter(({ step }) => step >= SETTLING);
  const sizes = settled.map(({ residentMiB }) => residentMiB);
  const { m } = linearRegression(settled.map(({ step, residentMiB }) => [step, residentMiB]));
  return `Tensors alive, all counts that were seen: ${counts(first)} in stage 1, ${
    counts(second)
  } in stage 2, when the ` +
    `models of stage 1 are still there. Resident memory after ${SETTLING} steps: ${
      Math.min(...sizes).toFixed(0)
    } to ` +
    `${Math.max(...sizes).toFixed(0)} MiB, ${(1000 * m).toFixed(2)} MiB more every 1,000 steps.`;
}

/**
 * Where the time of a training step goes, and how near its convolutions come to what the machine can do.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { median } from "simple-statistics";
import type { Benchmark, BenchmarkContext } from "../../harness/benchmark.ts";
import { contest, type Measurement } from "../../harness/contest.ts";
import type { NetworkSettings } from "../network.ts";
import { completeSettings, NETWORKS } from "../networks.ts";
import { hasBfloat16Here, runProgram } from "../run_program.ts";
import { GROUPS } from "./groups.ts";

const PRECISIONS = ["float32", "bfloat16"] as const;
const file = (name: string) => fromFileUrl(new URL(name, import.meta.url));

export const benchmark: Benchmark = {
  name: "profile",
  title: "Where a training step's time goes",
  async run(context) {
    const [network, form] = Object.entries(NETWORKS)[0]!;
    const folder = await Deno.makeTempDir({ dir: context.temporary });
    const settings = completeSettings(form);
    await runProgram(context, [file("../write_network.ts"), folder, JSON.stringify(settings)]);
    const bfloat16 = await hasBfloat16Here(context);
    const notes: string[] = [];
    const measurements: Measurement[] = [];
    for (const precision of PRECISIONS.slice(0, bfloat16 ? 2 : 1)) {
      const [step, peak] = await measure(context, { folder, precision });
      measurements.push(step, peak);
      const share = (group: string, seconds: number) => `${group} ${percent(seconds / median(step.seconds))}`;
      const groups = secondsOf(step);
      const rate = trainingFlops(settings) / groups.get("convolutions")! / 1e9;
      const host = median(step.seconds) - [...groups.values()].reduce((a, b) => a + b, 0);
      notes.push(
        `A training step in ${precision} (${network}) takes ${median(step.seconds).toFixed(3)} s: ` +
          [...[...groups].map(([group, seconds]) => share(group, seconds)), share("host", host)].join(", ") +
          ".",
        `Its convolutions compute ${
          rate.toFixed(0)
        } GFLOP/s; a product of large matrices in ${precision} reaches ` +
          `${outputOf(peak).toFixed(0)} on this machine (${percent(rate / outputOf(peak))}).`,
      );
    }
    const [memory] = await contest([{
      name: "memory",
      command: [context.deno, "run", "-A", file("peaks.ts"), "memory"],
    }]);
    notes.push(`Memory moves ${outputOf(memory).toFixed(0)} GB/s, read and written.`);
    return { ratios: [], equality: {}, measurements: [...measurements, memory], notes };
  },
};

function measure(context: BenchmarkContext, { folder, precision }: { folder: string; precision: string }) {
  const start = (name: string, script: string, ...args: string[]) => ({
    name: `${name}, ${precision}`,
    command: [context.deno, "run", "-A", file(script), ...args],
  });
  return contest([
    start("step", "ours.ts", folder, precision),
    start("matrix product", "peaks.ts", precision),
  ]);
}

/** Median seconds of each group, in a step's measured rounds. */
function secondsOf({ outputs, seconds }: Measurement) {
  const measured = outputs.slice(-seconds.length);
  return new Map(GROUPS.map((group, i) => [group, median(measured.map((output) => output[i]!))]));
}

function outputOf({ outputs, seconds }: Measurement): number {
  return median(outputs.slice(-seconds.length).flat());
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/**
 * Multiplications and additions of a step's convolutions: as many again for the gradient by the input and by the filter; the
 * first has no gradient by its input.
 */
function trainingFlops(
  { widths, classes, shape: [batch, ...size] }: Omit<NetworkSettings, "tensors">,
): number {
  const voxels = (level: number) => batch * size.reduce((a, b) => a * b, 1) / 8 ** level;
  const convolution = (level: number, from: number, to: number) => 2 * 27 * from * to * voxels(level);
  let flops = -convolution(0, 1, widths[0]!);
  widths.forEach((width, level) => {
    flops += 3 * convolution(level, level > 0 ? widths[level - 1]! : 1, width) +
      3 * convolution(level, width, width);
    const deeper = widths[level + 1];
    if (deeper === undefined) return;
    flops += 3 * (convolution(level, 2 * width, width) + convolution(level, width, width));
    // A transposed convolution with a filter of its stride's size writes each voxel once.
    flops += 3 * 2 * width * deeper * voxels(level);
  });
  return flops + 3 * 2 * widths[0]! * classes * voxels(0);
}

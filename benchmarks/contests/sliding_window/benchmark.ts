/**
 * Sliding-window prediction of a CT against MONAI's, with the same network and windows.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { median } from "simple-statistics";
import type { Benchmark, BenchmarkContext } from "../../harness/benchmark.ts";
import { contest } from "../../harness/contest.ts";
import type { ContestantOptions } from "../../harness/contestant.ts";
import { outputDifference, ratioOf } from "../../harness/ratio.ts";
import { runCommand } from "../../../lib/setup/steps/command.ts";
import { runProgram } from "../run_program.ts";

const WORK = "sliding windows, 128×128×128, 27 windows of 64³, widths 16-32-64-128, 8 classes";
const CLASSES = 8;
const file = (name: string) => fromFileUrl(new URL(name, import.meta.url));

export const benchmark: Benchmark = {
  name: "sliding_window",
  title: "Sliding-window prediction of a CT against MONAI",
  async run(context) {
    const { temporary: folder, deno, dataRoot, progress } = context;
    await runProgram(context, [file("prepare.ts"), folder, dataRoot]);
    const ours = { name: "Consilium", command: [deno, "run", "-A", file("ours.ts"), folder] };
    const all = monaiVariants(context);

    const trials = await contest(all, {
      rounds: 2,
      warmUps: 1,
      onRound: (done, total) => progress(`MONAI's fastest way: round ${done} of ${total}`),
    });
    const order = trials.map(({ seconds }, index) => ({ index, time: median(seconds) }));
    const monai = all[order.toSorted((a, b) => a.time - b.time)[0]!.index]!;

    const measured = await contest([ours, monai], {
      rounds: 9,
      warmUps: 1,
      onRound: (done, total) => progress(`round ${done} of ${total}`),
    });
    progress("comparing probabilities");
    const { largest, unequal } = await compareProbabilities([ours, monai], folder);
    const pair = { work: WORK, ours: ours.name, peers: [monai.name] };
    return {
      ratios: [ratioOf(measured, { ...pair, goal: 0.7 }), ratioOf(measured, { ...pair, unit: "MiB" })],
      equality: {
        "voxels of each class": outputDifference(measured[0], measured[1]),
        "probabilities": largest,
        "share of voxels of another class": unequal,
      },
      measurements: [...measured, ...trials.map((trial) => ({ ...trial, name: `${trial.name} (trial)` }))],
      notes: [
        "MONAI runs with the fastest of its four ways (memory format, windows in a batch) in a trial before.",
        "MONAI gets our importance map: a Gaussian like its own, but with a floor of 1e-6 instead of 1e-3.",
        "The scan, 112×101×122 at 3 mm, is padded to 128×128×128, where both rules of placing windows agree.",
        "Probabilities differ by what TensorFlow's fused norm loses: it sums a channel's voxels one after the other in float32.",
      ],
    };
  },
};

function monaiVariants({ python, temporary }: BenchmarkContext): ContestantOptions[] {
  return [["contiguous", 1], ["channels_last", 1], ["contiguous", 4], ["channels_last", 4]].map((
    [format, batch],
  ) => ({
    name: `MONAI, ${format}, batch of ${batch}`,
    command: [python, file("monai_windows.py"), temporary, `${format}`, `${batch}`],
  }));
}

/** The largest difference of any probability, and the share of voxels whose best class is another. */
async function compareProbabilities(
  [ours, peer]: readonly [ContestantOptions, ContestantOptions],
  folder: string,
) {
  const probabilities = async ({ name, command }: ContestantOptions, file: string) => {
    const path = join(folder, file);
    await runCommand(`write the probabilities of ${name}`, [...command, path]);
    return new Float32Array((await Deno.readFile(path)).buffer);
  };
  const [a, b] = await Promise.all([
    probabilities(ours, "probabilities0.bin"),
    probabilities(peer, "probabilities1.bin"),
  ]);
  let largest = 0, unequal = 0;
  for (let voxel = 0; voxel < a.length; voxel += CLASSES) {
    let [bestA, bestB] = [voxel, voxel];
    for (let i = voxel; i < voxel + CLASSES; i++) {
      const ofA = a[i]!, ofB = b[i]!;
      largest = Math.max(largest, Math.abs(ofA - ofB));
      if (ofA > a[bestA]!) bestA = i;
      if (ofB > b[bestB]!) bestB = i;
    }
    if (bestA !== bestB) unequal++;
  }
  return { largest, unequal: unequal / (a.length / CLASSES) };
}

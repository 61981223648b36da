/**
 * Patches from our preprocessed store against nnU-Net's blosc2 files, and how long a training step waits for them.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type { Benchmark, BenchmarkContext } from "../../harness/benchmark.ts";
import { contest } from "../../harness/contest.ts";
import { outputDifference, type Ratio, ratioOf } from "../../harness/ratio.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { partsOf } from "../parts.ts";
import { writePatchPlan } from "./patch_plan.ts";

const SHAPE: Shape = [400, 512, 512];
const PATCH: Shape = [96, 96, 96];
/** Read in a round. */
const PATCHES = 10;
const ROUNDS = 9, WARM_UPS = 2;

const PIECES = { image: "image", both: "image and labels" };

const file = (name: string) => fromFileUrl(new URL(name, import.meta.url));

export const benchmark: Benchmark = {
  name: "patch_reading",
  title: `${PATCHES} patches of ${PATCH.join("×")} of a scan of ${SHAPE.join("×")}`,
  async run(context) {
    const { temporary, progress } = context;
    progress("storing the scan");
    await writePatchPlan(temporary, {
      shape: SHAPE,
      patch: PATCH,
      rounds: ROUNDS + WARM_UPS,
      patches: PATCHES,
    });
    await finished(context.deno, ["run", "-A", file("write_case.ts"), temporary]);
    await finished(context.python, [file("write_nnunet_case.py"), temporary]);

    const ratios: Ratio[] = [], measurements = [], equality: Record<string, number> = {};
    for (const what of ["image", "both"] as const) {
      const work = `${PATCHES} patches of ${PATCH.join("×")}, ${PIECES[what]}`;
      const timed = await readingContest(context, { what, output: "corners", suffix: `, ${PIECES[what]}` });
      const [own, theirs] = timed;
      const sides = { work, ours: own.name, peers: [theirs.name] };
      ratios.push(ratioOf(timed, { ...sides, goal: 2 }), ratioOf(timed, { ...sides, unit: "MiB" }));
      measurements.push(...timed);
      equality[`voxels, ${PIECES[what]}`] = outputDifference(own, theirs);
    }
    const sums = await readingContest(context, { what: "both", output: "sums", suffix: ", with sums" });
    measurements.push(...sums);
    equality["sums of patches"] = outputDifference(sums[0], sums[1]);

    const names = ["waiting for a batch", "training step with its waiting"] as const;
    const [trained] = await contest([{
      name: names[1],
      command: [context.deno, "run", "-A", file("waiting.ts"), temporary],
    }], { rounds: ROUNDS, onRound: (done, total) => progress(`training step ${done} of ${total}`) });
    const parts = partsOf(trained, names);
    measurements.push(...parts);
    ratios.push(
      ratioOf(parts, {
        work: "training step of 2×64³, widths 16-32-64-128, one worker ahead: share of waiting",
        ours: names[0],
        peers: [names[1]],
        goal: 0.1,
      }),
    );
    return { ratios, equality, measurements, notes: await notes(temporary) };
  },
};

function readingContest(
  { deno, python, temporary, progress }: BenchmarkContext,
  { what, output, suffix }: { what: keyof typeof PIECES; output: "corners" | "sums"; suffix: string },
) {
  return contest([
    { name: `Consilium${suffix}`, command: [deno, "run", "-A", file("ours.ts"), temporary, what, output] },
    { name: `nnU-Net, blosc2${suffix}`, command: [python, file("nnunet.py"), temporary, what, output] },
  ], {
    rounds: ROUNDS,
    warmUps: WARM_UPS,
    onRound: (done, total) => progress(`${PIECES[what]}: round ${done} of ${total}`),
  });
}

async function finished(program: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stderr: "piped" }).output();
  if (!success) throw new Error(`Cannot prepare the scan: ${new TextDecoder().decode(stderr).slice(-2000)}`);
}

async function notes(folder: string): Promise<string[]> {
  const mib = async (...path: string[]) =>
    ((await Deno.stat(join(folder, ...path))).size / 2 ** 20).toFixed(0);
  const image = [await mib("stored/image/c/0/0/0"), await mib("nnunet/case.b2nd"), await mib("image.bin")];
  const labels = [await mib("stored/labels/c/0/0/0"), await mib("nnunet/case_seg.b2nd")];
  return [
    "Both sides read from the system's file cache (the files were just written), open the case anew for every patch and " +
    "keep nothing of their own between patches.",
    `On disk the image takes ${image[0]} MiB in our store, ${image[1]} in nnU-Net's and ${
      image[2]
    } as it is; ` +
    `the labels ${labels[0]} and ${labels[1]}.`,
    "Memory is growth above the idle process; nnU-Net's files are mapped, so what it read of them counts.",
    "Waiting: a step has its network and the worker on the same cores; the worker augments with the default augmentation.",
  ];
}

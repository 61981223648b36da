/**
 * Loading real scans, against nibabel.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type { Benchmark, BenchmarkContext } from "../../harness/benchmark.ts";
import { contest } from "../../harness/contest.ts";
import { outputDifference, ratioOf } from "../../harness/ratio.ts";

const DATASET = "head-neck";
const SCANS = 20;

/** Of scans.json: paths of a scan and its label map. */
export interface LoadedScan {
  image: string;
  label: string;
}

export const benchmark: Benchmark = {
  name: "loading",
  title: `Image and labels of ${SCANS} scans of ${DATASET}, image to float32`,
  async run(context) {
    await writeScanList(context);
    const timed = await loadingContest(context, "voxels");
    const sums = await loadingContest(context, "sums");
    const sides = {
      work: `image and labels of ${SCANS} scans, ${DATASET}`,
      ours: timed[0].name,
      peers: [timed[1].name],
    };
    return {
      ratios: [ratioOf(timed, { ...sides, goal: 1 }), ratioOf(timed, { ...sides, unit: "MiB" })],
      equality: {
        "some voxels": outputDifference(timed[0], timed[1]),
        "sums and sums weighted by index": outputDifference(sums[0], sums[1]),
      },
      measurements: [...timed, ...sums],
      notes: [
        "Files come from the system's file cache. All scans of this dataset lie in RAS+ already, so neither side turns one. " +
        "Sums are of contestants of their own; to make them is not part of loading.",
      ],
    };
  },
};

async function loadingContest(
  { deno, python, temporary, progress }: BenchmarkContext,
  output: "voxels" | "sums",
) {
  const file = (name: string) => fromFileUrl(new URL(name, import.meta.url));
  const suffix = output === "sums" ? ", with sums" : "";
  return await contest([
    { name: `Consilium${suffix}`, command: [deno, "run", "-A", file("ours.ts"), temporary, output] },
    { name: `nibabel${suffix}`, command: [python, file("nibabel_loading.py"), temporary, output] },
  ], {
    ...(output === "sums" ? { rounds: 1, warmUps: 0 } : {}),
    onRound: (done, total) => progress(`${output}: round ${done} of ${total}`),
  });
}

async function writeScanList({ dataRoot, temporary }: BenchmarkContext): Promise<void> {
  const folder = join(dataRoot, DATASET);
  const { training } = JSON.parse(await Deno.readTextFile(join(folder, "dataset.json")));
  const scans = (training as LoadedScan[]).slice(0, SCANS).map(({ image, label }): LoadedScan => ({
    image: join(folder, image),
    label: join(folder, label),
  }));
  await Deno.writeTextFile(join(temporary, "scans.json"), JSON.stringify(scans));
}

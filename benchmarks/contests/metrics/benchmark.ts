/**
 * Dice, HD95, ASSD and NSD of five organs in 16 scans, against MONAI.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type { Benchmark } from "../../harness/benchmark.ts";
import { contest, type Measurement } from "../../harness/contest.ts";
import { outputDifference, ratioOf } from "../../harness/ratio.ts";
import type { Shape, Spacing } from "../../../lib/imaging/volume.ts";
import { blobScan } from "./blobs.ts";

const SHAPE: Shape = [64, 128, 128];
const ORGANS = [1, 2, 3, 4, 5];
const SCANS = 16;
const TOLERANCE_MM = 2;

const METRICS = ["Dice", "HD95", "ASSD", "NSD"];

/** scans.json: what all contestants score. */
export interface ScoredScans {
  shape: Shape;
  organs: number[];
  toleranceMm: number;
  /** Label maps by file name, uint8 in C order. */
  scans: { spacing: Spacing; truth: string; prediction: string }[];
}

export const benchmark: Benchmark = {
  name: "metrics",
  title: `Dice, HD95, ASSD and NSD, ${ORGANS.length} organs, ${SCANS} scans of ${SHAPE.join("×")}`,
  async run({ temporary, deno, python, progress }) {
    await writeScans(temporary);
    const file = (name: string) => fromFileUrl(new URL(name, import.meta.url));
    const ours = { name: "Consilium", command: [deno, "run", "-A", file("ours.ts"), temporary] };
    const monai = { name: "MONAI", command: [python, file("monai_metrics.py"), temporary] };
    const deepMind = {
      name: "surface-distance, NSD alone",
      command: [python, file("surface_distance_nsd.py"), temporary],
    };
    const timed = await contest([ours, monai], {
      onRound: (done, total) => progress(`round ${done} of ${total}`),
    });
    // Its numbers alone are wanted: NSD is defined by it.
    const [reference] = await contest([deepMind], { warmUps: 0, rounds: 1 });
    const [own, theirs] = timed;
    const equality = Object.fromEntries(METRICS.map((metric) => [
      `${metric}, MONAI`,
      outputDifference(only(own, metric), only(theirs, metric)),
    ]));
    equality["NSD, surface-distance"] = outputDifference(firstRound(only(own, "NSD")), reference);
    const work = `Dice, HD95, ASSD, NSD, ${SCANS} scans × ${ORGANS.length} organs`;
    const sides = { ours: own.name, peers: [theirs.name] };
    return {
      ratios: [
        ratioOf(timed, { work, ...sides, goal: 0.3 }),
        ratioOf(timed, { work, ...sides, unit: "MiB" }),
      ],
      equality,
      measurements: [...timed, reference],
      notes: [
        "MONAI: compute_dice, compute_hausdorff_distance (percentile 95), compute_average_surface_distance (symmetric), " +
        "compute_surface_dice (use_subvoxels, which is surface-distance's definition, as is our NSD). One-hot masks are " +
        "made before its clock starts; ours starts from label maps.",
        "Memory is growth above the idle process, which holds the scans already.",
      ],
    };
  },
};

async function writeScans(folder: string): Promise<void> {
  const settings: ScoredScans = { shape: SHAPE, organs: ORGANS, toleranceMm: TOLERANCE_MM, scans: [] };
  for (let index = 0; index < SCANS; index++) {
    const { truth, prediction, spacing } = blobScan(index, { shape: SHAPE, organs: ORGANS.length });
    const scan = { spacing, truth: `${index}_truth.bin`, prediction: `${index}_prediction.bin` };
    await Deno.writeFile(join(folder, scan.truth), truth);
    await Deno.writeFile(join(folder, scan.prediction), prediction);
    settings.scans.push(scan);
  }
  await Deno.writeTextFile(join(folder, "scans.json"), JSON.stringify(settings));
}

/** A measurement with one metric's numbers as output. */
function only(measurement: Measurement, metric: string): Measurement {
  const place = METRICS.indexOf(metric);
  const outputs = measurement.outputs.map((output) => output.filter((_, i) => i % METRICS.length === place));
  return { ...measurement, outputs };
}

function firstRound(measurement: Measurement): Measurement {
  return { ...measurement, outputs: measurement.outputs.slice(0, 1) };
}

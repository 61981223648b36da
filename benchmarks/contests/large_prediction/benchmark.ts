/**
 * Memory of predicting long scans with many organs, from file to file.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { Benchmark } from "../../harness/benchmark.ts";
import { contest, type Measurement } from "../../harness/contest.ts";
import type { Ratio } from "../../harness/ratio.ts";
import { runProgram } from "../run_program.ts";

/** Slices of 512×512 voxels. */
const SLICES = [100, 200, 600];
/** The network's grid as fine as the scan's: one layer of windows, since each costs as much time as all of a coarse grid. */
const OWN_GRID_SLICES = 64;
const COARSE = "3", OWN = "own";
/** Of the whole process. */
const MOST_MIB = 6 * 1024;

const file = (name: string) => fromFileUrl(new URL(name, import.meta.url));

export const benchmark: Benchmark = {
  name: "large_prediction",
  title: "Memory of predicting 512×512×600 voxels with 60 organs",
  async run(context) {
    const { temporary: folder, deno, progress } = context;
    progress("writing scans");
    await runProgram(context, [file("prepare.ts"), folder, ...[...SLICES, OWN_GRID_SLICES].map(String)]);

    const measurements: Measurement[] = [];
    const predict = async (slices: number, grid: string) => {
      const name = `prediction, 512×512×${slices}, 60 organs, network at ${
        grid === OWN ? "the scan's own spacing" : `${grid} mm`
      }`;
      progress(name);
      const command = [deno, "run", "-A", file("ours.ts"), folder, `${slices}`, grid];
      const [measurement] = await contest([{ name, command }], { rounds: 1, warmUps: 0 });
      measurements.push(measurement);
      return measurement;
    };
    const peaks: { x: number; y: number }[] = [];
    for (const slices of SLICES) peaks.push({ x: slices, y: (await predict(slices, COARSE)).peakMiB });
    await predict(OWN_GRID_SLICES, OWN);

    const [first, last] = [peaks[0]!, peaks.at(-1)!];
    const growth = (last.y - first.y) * 2 ** 20 / ((last.x - first.x) * 512 * 512);
    return {
      ratios: measurements.slice(SLICES.length - 1).map(ofMost),
      equality: {},
      measurements,
      curves: [{ title: "Memory of a prediction", x: "slices", y: "MiB at most", points: peaks }],
      notes: [
        `Memory is the whole process's, libraries included. It grew by ${
          growth.toFixed(1)
        } bytes a voxel of the scan from ` +
        `${first.x} to ${last.x} slices: the scan has 2, its labels 1, turned to the scan's orientation 1 more.`,
        ...measurements.map(({ name, outputs }) => `${name}: progress was told ${outputs[0]![0]} times.`),
      ],
    };
  },
};

function ofMost({ name, peakMiB }: Measurement): Ratio {
  const ratio = peakMiB / MOST_MIB;
  return {
    work: name,
    ours: "Consilium",
    peer: "6 GiB",
    unit: "MiB",
    oursValue: peakMiB,
    peerValue: MOST_MIB,
    ratio,
    spread: [ratio, ratio],
    goal: 1,
  };
}

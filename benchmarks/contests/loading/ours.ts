/**
 * Scans and label maps as our loader gives them, RAS+: deno run -A ours.ts <folder with scans.json> <voxels | sums>
 *
 * Its output are a few voxels of every volume, or the sum of all and the sum weighted by their index.
 *
 * @module
 */
import { join } from "@std/path";
import { serveContestant } from "../../harness/serve_contestant.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { toRas } from "../../../lib/imaging/orientation.ts";
import type { VoxelArray } from "../../../lib/imaging/volume.ts";
import { programArguments } from "../program_arguments.ts";
import type { LoadedScan } from "./benchmark.ts";

const [folder, output] = programArguments(["folder", "voxels | sums"]);

await serveContestant(async () => {
  const scans: LoadedScan[] = JSON.parse(await Deno.readTextFile(join(folder, "scans.json")));
  const describe = (voxels: VoxelArray) => {
    if (output === "voxels") return [voxels[0]!, voxels[voxels.length >> 1]!, voxels[voxels.length - 1]!];
    let sum = 0, weighted = 0;
    for (let index = 0; index < voxels.length; index++) {
      sum += voxels[index]!;
      weighted += voxels[index]! * index;
    }
    return [sum, weighted];
  };
  return async () => {
    const values: number[] = [];
    for (const { image, label } of scans) {
      values.push(...describe(new Float32Array(toRas(await loadScan(image)).data)));
      const labels = toRas(await loadScan(label)).data;
      if (!(labels instanceof Uint8Array)) throw new Error(`${label} must hold uint8`);
      values.push(...describe(labels));
    }
    return values;
  };
});

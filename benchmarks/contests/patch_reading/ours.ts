/**
 * Patches from our store: deno run -A ours.ts <folder> <image | both> <corners | sums>
 *
 * Its output are the first and the last voxels of every patch, or the sums of its voxels.
 *
 * @module
 */
import { join } from "@std/path";
import { serveContestant } from "../../harness/serve_contestant.ts";
import { readStoredImage, readStoredLabels } from "../../../lib/data/store/store.ts";
import type { StoredCase } from "../../../lib/data/store/stored_case.ts";
import { programArguments } from "../program_arguments.ts";
import { readPatchPlan } from "./patch_plan.ts";

const [folder, what, output] = programArguments(["folder", "image | both", "corners | sums"]);

await serveContestant(async () => {
  const { patch, rounds } = await readPatchPlan(folder);
  const stored: StoredCase = JSON.parse(await Deno.readTextFile(join(folder, "case.json")));
  const describe = (voxels: Float32Array | Uint8Array) => {
    if (output === "corners") return [voxels[0]!, voxels[voxels.length - 1]!];
    let sum = 0;
    for (let voxel = 0; voxel < voxels.length; voxel++) sum += voxels[voxel]!;
    return [sum];
  };
  let round = 0;
  return async () => {
    const values: number[] = [];
    for (const start of rounds[round++]!) {
      values.push(...describe(await readStoredImage(stored, { start, shape: patch })));
      if (what === "both") values.push(...describe(await readStoredLabels(stored, { start, shape: patch })));
    }
    return values;
  };
});

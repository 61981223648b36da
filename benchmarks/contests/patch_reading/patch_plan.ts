/**
 * patches.json: which patches all contestants read, in which round.
 *
 * @module
 */
import { join } from "@std/path";
import { eachAxis } from "../../../lib/imaging/each_axis.ts";
import { createRandom, integer } from "../../../lib/data/random.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";

export interface PatchPlan {
  /** [depth, height, width] of the scan. */
  shape: Shape;
  /** [depth, height, width] of a patch. */
  patch: Shape;
  /** First voxels of the patches of each round, anywhere in the scan. */
  rounds: Shape[][];
}

export async function writePatchPlan(
  folder: string,
  { shape, patch, rounds, patches }: { shape: Shape; patch: Shape; rounds: number; patches: number },
): Promise<void> {
  const random = createRandom("benchmark", "patches");
  const start = () => eachAxis((axis) => integer(random, [0, shape[axis] - patch[axis]]));
  const plan: PatchPlan = {
    shape,
    patch,
    rounds: Array.from({ length: rounds }, () => Array.from({ length: patches }, start)),
  };
  await Deno.writeTextFile(join(folder, "patches.json"), JSON.stringify(plan));
}

export async function readPatchPlan(folder: string): Promise<PatchPlan> {
  return JSON.parse(await Deno.readTextFile(join(folder, "patches.json")));
}

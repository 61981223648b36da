/**
 * Stores a CT-like scan as our preprocessing does, and its voxels as they are for nnU-Net:
 *
 *     deno run -A write_case.ts <folder with patches.json>
 *
 * @module
 */
import { join } from "@std/path";
import { organLocations } from "../../../lib/data/store/locations.ts";
import { writeStoredArray } from "../../../lib/data/store/store.ts";
import type { StoredCase } from "../../../lib/data/store/stored_case.ts";
import { programArguments } from "../program_arguments.ts";
import { readPatchPlan } from "./patch_plan.ts";
import { ctLikeScan, ORGANS } from "./scan.ts";

const [folder] = programArguments(["folder"]);
const { shape } = await readPatchPlan(folder);
const { image, labels } = ctLikeScan(shape);
const stored: StoredCase = {
  id: "case",
  dataset: "synthetic",
  shape,
  labelSet: ORGANS,
  pseudoSet: [],
  image: join(folder, "stored", "image"),
  labels: join(folder, "stored", "labels"),
  locations: organLocations(labels, ORGANS),
};
await writeStoredArray(stored.image, image, { shape });
await writeStoredArray(stored.labels, labels, { shape });
await Deno.writeTextFile(join(folder, "case.json"), JSON.stringify(stored));
await Deno.writeFile(join(folder, "image.bin"), new Uint8Array(image.buffer));
await Deno.writeFile(join(folder, "labels.bin"), labels);

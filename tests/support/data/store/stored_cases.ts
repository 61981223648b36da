/** Stored cases for tests, of made-up voxels. */
import { join } from "@std/path";
import type { Shape } from "../../../../lib/imaging/volume.ts";
import { organLocations } from "../../../../lib/data/store/locations.ts";
import { voxelCount } from "../../../../lib/data/region.ts";
import { writeStoredArray } from "../../../../lib/data/store/store.ts";
import type { StoredCase } from "../../../../lib/data/store/stored_case.ts";

/** Runs a test in a folder that is removed afterwards. */
export async function inTemporaryFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

export interface MadeCase {
  shape: Shape;
  /** Code of each voxel. @default 1 in the voxels with an even index, else 0 */
  labels?: (voxel: number) => number;
  /** @default [1] */
  labelSet?: number[];
  /** @default [] */
  pseudoSet?: number[];
}

/** A case whose image holds each voxel's own index. */
export async function makeStoredCase(
  folder: string,
  id: string,
  { shape, labels = (voxel) => voxel % 2 === 0 ? 1 : 0, labelSet = [1], pseudoSet = [] }: MadeCase,
): Promise<StoredCase> {
  const count = voxelCount(shape);
  const codes = Uint8Array.from({ length: count }, (_, voxel) => labels(voxel));
  const [image, label] = [join(folder, id, "image"), join(folder, id, "labels")];
  await writeStoredArray(image, Float32Array.from({ length: count }, (_, voxel) => voxel), { shape });
  await writeStoredArray(label, codes, { shape });
  const locations = organLocations(codes, [...labelSet, ...pseudoSet]);
  return { id, dataset: "made", shape, labelSet, pseudoSet, image, labels: label, locations };
}

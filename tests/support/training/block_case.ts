/** Stored cases whose intensities are organ numbers, for models that read them off. */
import { join } from "@std/path";
import { organLocations } from "../../../lib/data/store/locations.ts";
import { writeStoredArray } from "../../../lib/data/store/store.ts";
import type { StoredCase } from "../../../lib/data/store/stored_case.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";

const SHAPE: Shape = [8, 8, 8];

export interface Blocks {
  /** Organs with true labels. */
  shown: number[];
  /** Edge of each organ's cube, voxels. Organ k begins at [4 (k - 1), 0, 0]. */
  sizes: Record<number, number>;
  /** More voxels at the end of organ 2's block, to make volumes differ. @default 0 */
  jitter?: number;
}

/** A case of 8³ voxels; the dataset is the part of the id before "-". */
export async function blockCase(
  folder: string,
  id: string,
  { shown, sizes, jitter = 0 }: Blocks,
): Promise<StoredCase> {
  const organs = new Uint8Array(512);
  for (const [organ, size] of Object.entries(sizes)) {
    for (let v = 0; v < 512; v++) {
      const [z, y, x] = [Math.floor(v / 64) - 4 * (Number(organ) - 1), Math.floor(v / 8) % 8, v % 8];
      const more = Number(organ) === 2 && z === 0 && y === 0 && x >= size && x < size + jitter;
      if (more || (z >= 0 && z < size && y < size && x < size)) organs[v] = Number(organ);
    }
  }
  const labels = organs.map((organ) => shown.includes(organ) ? organ : 0);
  const paths = { image: join(folder, id, "image"), labels: join(folder, id, "labels") };
  await writeStoredArray(paths.image, Float32Array.from(organs), { shape: SHAPE });
  await writeStoredArray(paths.labels, labels, { shape: SHAPE });
  const locations = organLocations(labels, shown);
  return {
    id,
    dataset: id.split("-")[0]!,
    shape: SHAPE,
    labelSet: shown,
    pseudoSet: [],
    ...paths,
    locations,
  };
}

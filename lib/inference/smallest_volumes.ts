/**
 * How small organs are.
 *
 * @module
 */
import type { LabelSet, OrganNumber } from "../data/label_set.ts";
import { readStoredLabels } from "../data/store/store.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import type { Spacing } from "../imaging/volume.ts";
import { eventLoopTurn } from "./event_loop.ts";

export interface SmallestVolumesOptions {
  /** [z, y, x] of the network's grid, mm. */
  spacingMm: Spacing;
  signal?: AbortSignal | undefined;
}

/**
 * The smallest volume above 0 that each label has in a case whose label set it is in, mm³. A label that no case shows has none.
 *
 * @throws the signal's reason when it is aborted
 */
export async function smallestVolumes(
  cases: readonly StoredCase[],
  { spacingMm: [z, y, x], signal }: SmallestVolumesOptions,
): Promise<Map<OrganNumber, number>> {
  const smallest = new Map<OrganNumber, number>();
  for (const stored of cases) {
    await eventLoopTurn();
    signal?.throwIfAborted();
    noteVolumes(smallest, await readStoredLabels(stored), { labelSet: stored.labelSet, voxelMm3: z * y * x });
  }
  return smallest;
}

/** Adds the volumes of a label map to the smallest ones so far, mm³; labels that it does not show have none. */
export function noteVolumes(
  smallest: Map<OrganNumber, number>,
  codes: Uint8Array,
  { labelSet, voxelMm3 }: { labelSet: LabelSet; voxelMm3: number },
): void {
  const voxels = new Float64Array(256);
  for (const code of codes) voxels[code]! += 1;
  for (const label of labelSet) {
    const volume = voxels[label]! * voxelMm3;
    if (volume > 0) smallest.set(label, Math.min(volume, smallest.get(label) ?? Infinity));
  }
}

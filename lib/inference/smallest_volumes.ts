/**
 * How small organs are.
 *
 * @module
 */
import type { OrganNumber } from "../data/label_set.ts";
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
    const voxels = new Float64Array(256);
    for (const code of await readStoredLabels(stored)) voxels[code]! += 1;
    for (const label of stored.labelSet) {
      const volume = voxels[label]! * z * y * x;
      if (volume > 0) smallest.set(label, Math.min(volume, smallest.get(label) ?? Infinity));
    }
  }
  return smallest;
}

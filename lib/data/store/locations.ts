/**
 * Where the organs of a label map are, as a few of their voxels: the sampler draws patches around them.
 *
 * @module
 */
import type { LabelSet, OrganNumber } from "../label_set.ts";
import { createRandom, integer } from "../random.ts";

const MOST = 1000;

/**
 * Up to 1,000 voxels of each organ, each voxel with the same chance (reservoir sampling: one pass, no list of all).
 * The same label map always gives the same voxels.
 *
 * @param labels label codes, any shape
 * @param organs which; an organ that is not visible gets an empty list
 * @returns flat indices into `labels`
 */
export function organLocations(labels: Uint8Array, organs: LabelSet): Record<OrganNumber, number[]> {
  const locations: Record<OrganNumber, number[]> = {};
  for (const organ of organs) locations[organ] = [];
  const random = createRandom("locations");
  const seen = new Uint32Array(256);
  for (let v = 0; v < labels.length; v++) {
    const label = labels[v]!;
    const chosen = locations[label];
    if (!chosen) continue;
    const before = seen[label]!++;
    if (before < MOST) {
      chosen.push(v);
    } else {
      // The n-th voxel stays with probability MOST / n.
      const place = integer(random, [0, before]);
      if (place < MOST) chosen[place] = v;
    }
  }
  return locations;
}

/**
 * What the metrics of one organ are computed from: both masks, and what several metrics share.
 *
 * @module
 */
import type { Spacing } from "../imaging/volume.ts";
import type { DirectedDistances } from "./directed_distances.ts";
import type { MaskPair } from "./mask_pair.ts";
import { surfaceDistances } from "./surface_distance.ts";

export interface OrganMasks extends MaskPair {
  /** [z, y, x], mm */
  readonly spacing: Spacing;
  /** How far from the other a surface may lie to count as the same, mm. */
  readonly toleranceMm: number;
  /** Between the surface voxels of both masks, mm; computed for the first metric that reads them. */
  readonly distances: DirectedDistances;
}

export function organMasks(
  pair: MaskPair,
  { spacing, toleranceMm }: Pick<OrganMasks, "spacing" | "toleranceMm">,
): OrganMasks {
  let distances: DirectedDistances | undefined;
  return {
    ...pair,
    spacing,
    toleranceMm,
    get distances() {
      return distances ??= surfaceDistances(pair, { spacing });
    },
  };
}

/**
 * The scores of one case, organ by organ (METHOD, rule 4): only organs of the label set are scored. An organ
 * absent from truth and prediction is undefined, NaN, in every metric; present in one of the two only, it has
 * Dice 0, NSD 0, and infinite HD95 and ASSD. Voxels whose truth is IGNORED count for nobody.
 *
 * @module
 */
import { type Groups, maskOfLabel } from "../data/groups.ts";
import { judgedPart } from "../data/label_set.ts";
import type { Shape, Spacing } from "../imaging/volume.ts";
import { cropMaskPairs, type MaskPair } from "./mask_pair.ts";
import { normalisedSurfaceDice } from "./nsd.ts";
import { dice } from "./overlap.ts";
import { averageSymmetricSurfaceDistance, hausdorff95, surfaceDistances } from "./surface_distance.ts";

/** How well one organ of one case is segmented. */
export interface OrganScore {
  /** Dice similarity coefficient, in [0, 1]. */
  dice: number;
  /** 95th percentile Hausdorff distance, mm. */
  hd95: number;
  /** Average symmetric surface distance, mm. */
  assd: number;
  /** Normalised surface Dice at the organ's tolerance, in [0, 1]. */
  nsd: number;
}

/**
 * Scores one organ.
 *
 * @param prediction [depth, height, width], not 0 where the organ is predicted.
 * @param truth [depth, height, width], not 0 where the organ is.
 * @throws {RangeError} When a mask does not fit `shape`, or the tolerance is not a number >= 0.
 */
export function scoreOrgan(
  prediction: Uint8Array,
  truth: Uint8Array,
  options: { shape: Shape; spacing: Spacing; toleranceMm: number },
): OrganScore {
  const binary = (mask: Uint8Array) => mask.map((value) => value === 0 ? 0 : 1);
  const pairs = cropMaskPairs(binary(prediction), binary(truth), { shape: options.shape, organs: [1] });
  return scorePair(pairs.get(1)!, options);
}

/**
 * Scores the organs of a case's label set; a group of organs on the union of its organs.
 *
 * @param prediction [depth, height, width] label codes: 0 background, organ numbers.
 * @param truth [depth, height, width] label codes on the same grid; IGNORED where nothing is judged.
 * @param options.spacing [z, y, x] in mm.
 * @param options.labelSet The organs and groups with true labels in this case: the only ones scored.
 * @param options.tolerancesMm Each one's NSD tolerance in mm.
 * @param options.groups Organs of each group.
 * @returns One score an organ, in the order of the label set.
 * @throws {RangeError} When a label map does not fit `shape`, or an organ has no tolerance >= 0.
 */
export function scoreCase(
  prediction: Uint8Array,
  truth: Uint8Array,
  options: {
    shape: Shape;
    spacing: Spacing;
    labelSet: readonly number[];
    tolerancesMm: Record<number, number>;
    groups?: Groups;
  },
): Map<number, OrganScore> {
  const { shape, spacing, labelSet, tolerancesMm, groups = {} } = options;
  const judged = judgedPart(prediction, truth);
  const organs = cropMaskPairs(judged, truth, { shape, organs: labelSet });
  const union = (group: number) => {
    const [predicted, true_] = [judged, truth].map((map) => maskOfLabel(map, group, groups));
    return cropMaskPairs(predicted, true_, { shape, organs: [1] }).get(1)!;
  };
  return new Map(labelSet.map((label) => {
    const pair = label in groups ? union(label) : organs.get(label)!;
    return [label, scorePair(pair, { spacing, toleranceMm: tolerancesMm[label] })];
  }));
}

function scorePair(pair: MaskPair, options: { spacing: Spacing; toleranceMm: number }): OrganScore {
  const distances = surfaceDistances(pair, options);
  return {
    dice: dice(pair),
    hd95: hausdorff95(distances),
    assd: averageSymmetricSurfaceDistance(distances),
    nsd: normalisedSurfaceDice(pair, options),
  };
}

/**
 * The scores of one case, organ by organ (METHOD section 0, rule 4): only organs of the label set are scored, each by every
 * metric. An organ absent from truth and prediction is undefined, NaN, in all of them; what each has for an organ
 * that is present in one of the two only, its entry says. Voxels whose truth is IGNORED count for nobody.
 *
 * @module
 */
import { type Groups, maskOfLabel } from "../data/groups.ts";
import { judgedPart } from "../data/label_set.ts";
import type { Shape, Spacing } from "../imaging/volume.ts";
import { cropMaskPairs, type MaskPair } from "./mask_pair.ts";
import { everyMetric, metrics, type Scores } from "./metric.ts";
import { assertTolerance } from "./nsd.ts";
import { organMasks } from "./organ_masks.ts";

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
): Scores {
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
  options: ScoreCaseOptions,
): Map<number, Scores> {
  return new Map(scoreEach(prediction, truth, options));
}

export interface ScoreCaseOptions {
  shape: Shape;
  spacing: Spacing;
  labelSet: readonly number[];
  tolerancesMm: Record<number, number>;
  groups?: Groups | undefined;
}

/** The scores of {@linkcode scoreCase} one after the other, for who has something to do in between. */
export function* scoreEach(
  prediction: Uint8Array,
  truth: Uint8Array,
  options: ScoreCaseOptions,
): Generator<[label: number, scores: Scores]> {
  const { shape, spacing, labelSet, tolerancesMm, groups = {} } = options;
  const judged = judgedPart(prediction, truth);
  const organs = cropMaskPairs(judged, truth, { shape, organs: labelSet });
  const union = (group: number) => {
    const maskOf = (map: Uint8Array) => maskOfLabel(map, group, groups);
    return cropMaskPairs(maskOf(judged), maskOf(truth), { shape, organs: [1] }).get(1)!;
  };
  for (const label of labelSet) {
    const pair = label in groups ? union(label) : organs.get(label)!;
    const toleranceMm = tolerancesMm[label];
    assertTolerance(toleranceMm);
    yield [label, scorePair(pair, { spacing, toleranceMm })];
  }
}

function scorePair(pair: MaskPair, options: { spacing: Spacing; toleranceMm: number }): Scores {
  const masks = organMasks(pair, options);
  return Object.fromEntries(everyMetric.map((metric) => [metric, metrics[metric].compute(masks)])) as Scores;
}

/**
 * From probabilities to a pseudo label map: METHOD section 1, pseudo labels.
 *
 * @module
 */
import { type LabelSet, type OrganNumber, UNCERTAIN } from "../data/label_set.ts";
import { largestComponent } from "../imaging/components.ts";
import type { Shape } from "../imaging/volume.ts";
import type { Predictor } from "../inference/predictor.ts";
import { predictPlanes } from "../inference/slabs.ts";
import { maskOf } from "../training/validation.ts";

export interface DecisionOptions {
  /** [depth, height, width] of the case, voxels. */
  shape: Shape;
  /** Merged partial-organ models, one channel an organ of the study. */
  predictor: Predictor;
  /** [depth, height, width] of a window, voxels. */
  window: Shape;
  /** Organs without a true label: U_x of METHOD section 0. */
  missing: LabelSet;
  /** An organ above this probability is a pseudo label: t_hi. */
  organThreshold: number;
  /** Below this for every missing organ, the voxel is background: t_lo. */
  backgroundThreshold: number;
  /** Keep the largest connected component of each organ only; nobody decides what the others are. */
  clean: boolean;
  signal?: AbortSignal;
}

/** What the models say of the organs missing in a case. */
export interface Decision {
  /** [depth, height, width] codes: true labels, pseudo labels, background, UNCERTAIN. */
  labels: Uint8Array;
  /** Mean probability of each missing organ over its pseudo label; NaN without voxels. */
  confidence: Map<OrganNumber, number>;
}

/**
 * Decides each voxel: a true label wins; else the missing organ o* of the largest q becomes the label if q > t_hi,
 * background if q < t_lo, and otherwise the voxel is UNCERTAIN (none of the truly labelled organs). What cleaning
 * removes is UNCERTAIN, too: a model said that it is the organ, and a small component may be.
 *
 * @param image [depth, height, width] normalised intensities
 * @param truth [depth, height, width] codes of the truly labelled organs
 */
export function decidePseudoLabels(
  image: Float32Array,
  truth: Uint8Array,
  options: DecisionOptions,
): Decision {
  const { shape, predictor: { classes }, missing, organThreshold, backgroundThreshold } = options;
  const labels = Uint8Array.from(truth);
  const best = new Float32Array(truth.length);
  const region = { y: [0, shape[1]], x: [0, shape[2]] } as { y: [number, number]; x: [number, number] };
  for (const { z, probabilities } of predictPlanes(image, { ...options, overlap: 0.5, region })) {
    const area = shape[1] * shape[2];
    for (let i = 0, voxel = z * area; i < area; i++, voxel++) {
      if (truth[voxel] !== 0) continue;
      let organ = 0, q = -1;
      for (const candidate of missing) {
        const value = probabilities[i * classes + candidate]!;
        if (value > q) [organ, q] = [candidate, value];
      }
      labels[voxel] = q > organThreshold ? organ : q < backgroundThreshold ? 0 : UNCERTAIN;
      best[voxel] = q;
    }
  }
  const confidence = new Map(missing.map((organ) => {
    if (options.clean) keepLargest(labels, { organ, truth, shape });
    return [organ, meanWhere(best, labels, { organ, truth })];
  }));
  return { labels, confidence };
}

function keepLargest(
  labels: Uint8Array,
  { organ, truth, shape }: { organ: OrganNumber; truth: Uint8Array; shape: Shape },
) {
  const mask = maskOf(labels, organ);
  if (!mask.includes(1)) return;
  const kept = largestComponent(mask, shape);
  mask.forEach((value, voxel) => {
    if (value && !kept[voxel] && truth[voxel] === 0) labels[voxel] = UNCERTAIN;
  });
}

function meanWhere(
  values: Float32Array,
  labels: Uint8Array,
  { organ, truth }: { organ: OrganNumber; truth: Uint8Array },
): number {
  let sum = 0, count = 0;
  for (let voxel = 0; voxel < labels.length; voxel++) {
    if (labels[voxel] !== organ || truth[voxel] !== 0) continue;
    sum += values[voxel]!;
    count++;
  }
  return sum / count;
}

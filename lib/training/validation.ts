/**
 * Dice on validation cases during training: chooses checkpoints and teachers, never reported as a result.
 *
 * @module
 */
import { labelsWithin, maskOfLabel } from "../data/groups.ts";
import { judgedPart, type OrganNumber } from "../data/label_set.ts";
import { readStoredImage, readStoredLabels } from "../data/store/store.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import type { Shape } from "../imaging/volume.ts";
import { dice } from "../metrics/overlap.ts";
import { averagePredictor, type OrganModel } from "../inference/predictor.ts";
import { segment } from "../inference/segment.ts";
import { VALIDATION_OVERLAP, validationCases } from "./work.ts";

export interface ValidationOptions {
  cases: readonly StoredCase[];
  /** [depth, height, width] of a window, voxels. */
  window: Shape;
  signal?: AbortSignal;
  /** Called after every case. */
  onCase?: () => void;
}

/**
 * Dice of each of the model's organs, and of the groups of them, in each case where it is labelled (METHOD section 0, rule 3), on the network's grid with windows that overlap by a quarter. An organ absent from truth and prediction
 * has NaN there, and what is IGNORED is left out.
 */
export async function validationScores(
  model: OrganModel,
  { cases, window, signal, onCase }: ValidationOptions,
): Promise<Map<OrganNumber, number[]>> {
  const scores = new Map<OrganNumber, number[]>(model.organs.map((organ) => [organ, []]));
  for (const stored of validationCases({ organs: model.organs, validation: cases })) {
    const [image, truth] = await Promise.all([readStoredImage(stored), readStoredLabels(stored)]);
    const segmented = await segment(image, {
      shape: stored.shape,
      predictor: averagePredictor([model], stored),
      window,
      overlap: VALIDATION_OVERLAP,
      signal,
    });
    const codes = judgedPart(
      segmented.map((channel) => channel === 0 ? 0 : model.organs[channel - 1]!),
      truth,
    );
    for (const label of labelsWithin(stored.labelSet, model.organs, stored.groups)) {
      const masked = (map: Uint8Array) => maskOfLabel(map, label, stored.groups);
      const score = dice({ prediction: masked(codes), truth: masked(truth) });
      if (!scores.has(label)) scores.set(label, []);
      scores.get(label)!.push(score);
    }
    onCase?.();
  }
  return scores;
}

/** 1 where a label map has the code, else 0. */
export function maskOf(labels: Uint8Array, code: number): Uint8Array {
  return labels.map((label) => +(label === code));
}

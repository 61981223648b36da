/**
 * Batch k of a stream, as a pure function of the stream's options and k: whoever makes it, in whatever order.
 *
 * @module
 */
import type { Shape, Spacing } from "../../imaging/volume.ts";
import { augmentIntensity } from "./augment_intensity.ts";
import { augmentationWith, type ChangedAugmentation } from "./augment_options.ts";
import { applySpatialTransform, drawSpatialTransform, IDENTITY, sourceRegion } from "./augment_spatial.ts";
import { drawElasticField } from "./elastic_field.ts";
import type { LabelSet } from "../label_set.ts";
import {
  canMirror,
  hasMirrorImage,
  mirrorLabelSet,
  type MirrorPairs,
  mirrorPatch,
  withGroups,
} from "./mirror.ts";
import type { PatchBatch } from "./patch_batch.ts";
import { chance, createRandom, type RandomGenerator } from "../random.ts";
import { voxelCount } from "../region.ts";
import { caseOfSample, epochOf, placePatch, type StreamSeed } from "./sampler.ts";
import { readStoredImage, readStoredLabels } from "../store/store.ts";
import type { StoredCase } from "../store/stored_case.ts";

/** What a batch is made of, beside its number. Plain data: it is sent to workers. */
export interface BatchOptions extends StreamSeed {
  /** [depth, height, width], in voxels. */
  patch: Shape;
  batchSize: number;
  /** [z, y, x] of the stored voxels, mm: rotations are of the body, not of the grid. @default [1, 1, 1] */
  spacing?: Spacing;
  /** What differs from DEFAULT_AUGMENTATION. @default {} */
  augmentation?: ChangedAugmentation | undefined;
  /** Organs the DATASET shows (O_n of METHOD section 0), which decide whether left and right may be swapped. */
  shownOrgans: LabelSet;
  /** @default [] */
  mirrorPairs?: MirrorPairs;
  /** Probability that a patch lies anywhere, instead of around an organ. @default 1/3 */
  anywhere?: number;
}

interface Sample {
  /** [depth, height, width] */
  image: Float32Array;
  /** [depth, height, width], codes */
  labels: Uint8Array;
  labelSet: LabelSet;
  pseudoSet: LabelSet;
}

/**
 * Makes one batch.
 *
 * @param step the batch's number, from 0
 * @throws Error with the case's id and the reason
 */
export async function makeBatch(
  cases: readonly StoredCase[],
  step: number,
  options: BatchOptions,
): Promise<PatchBatch> {
  const { seed, stream, patch, batchSize } = options;
  const { groups } = cases[0]!;
  const voxels = voxelCount(patch);
  const images = new Float32Array(batchSize * voxels);
  const labels = new Uint8Array(batchSize * voxels);
  const batch: PatchBatch = {
    images,
    labels,
    batch: batchSize,
    patch,
    labelSets: [],
    pseudoSets: [],
    cases: [],
    ...(groups ? { groups } : {}),
  };
  const epoch = epochOf(cases);
  for (let sample = 0; sample < batchSize; sample++) {
    const index = epoch[caseOfSample(step * batchSize + sample, { seed, stream, cases: epoch.length })]!;
    const from = cases[index]!;
    const randomOf: RandomOf = (purpose) => createRandom(seed, stream, purpose, step, sample);
    const made = await makeSample(from, randomOf, options).catch((error) => {
      throw new Error(`Cannot make a patch of case ${from.id}: ${error.message}`, { cause: error });
    });
    images.set(made.image, sample * voxels);
    labels.set(made.labels, sample * voxels);
    batch.labelSets.push(made.labelSet);
    batch.pseudoSets.push(made.pseudoSet);
    batch.cases.push(from.id);
  }
  return batch;
}

/** A patch's generators: what is drawn from one moves no number of the other. */
type RandomOf = (purpose: "patch" | "elastic") => RandomGenerator;

async function makeSample(
  from: StoredCase,
  randomOf: RandomOf,
  { patch, anywhere, spacing = [1, 1, 1], shownOrgans, mirrorPairs = [], ...rest }: BatchOptions,
): Promise<Sample> {
  const augmentation = augmentationWith(rest.augmentation);
  const random = randomOf("patch");
  const place = placePatch(from, random, { patch, anywhere });
  const affine = drawSpatialTransform(random, { augmentation, spacing });
  const drawn = { augmentation, spacing, patch, transform: affine ?? IDENTITY };
  const field = drawElasticField(randomOf("elastic"), drawn);
  const transform = affine ?? (field && IDENTITY);
  const region = transform ? sourceRegion(place, transform, { field }) : place;
  const read = { image: await readStoredImage(from, region), labels: await readStoredLabels(from, region) };
  const cut = transform ? applySpatialTransform(read, transform, { patch: place, region, field }) : read;
  augmentIntensity(cut.image, random, augmentation);
  const { labelSet, pseudoSet, groups } = from;
  const pairs = withGroups(mirrorPairs, groups);
  const closed = canMirror(shownOrgans, mirrorPairs) && hasMirrorImage(labelSet, pairs, groups);
  if (!chance(random, augmentation.mirror) || !closed) return { ...cut, labelSet, pseudoSet };
  mirrorPatch(cut, { shape: patch, pairs });
  return {
    ...cut,
    labelSet: mirrorLabelSet(labelSet, pairs),
    pseudoSet: mirrorLabelSet(pseudoSet, pairs),
  };
}

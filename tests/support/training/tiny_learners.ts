/** Learners, batches and streams in memory, as small as they can be. */
import { createHash } from "node:crypto";
import { assertEquals } from "@std/assert";
import type { PatchBatch } from "../../../lib/data/patches/patch_batch.ts";
import type { PatchStream } from "../../../lib/data/patches/patch_stream.ts";
import { createRandom, uniform } from "../../../lib/data/random.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { snapshotWeights } from "../../../lib/models/weights.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { createLearner, type Learner, type NetworkOptions } from "../../../lib/training/learner.ts";
import type { OrganModel } from "../../../lib/inference/predictor.ts";
import { tensorCount } from "../models/tensor_count.ts";

export const PATCH: Shape = [8, 8, 8];
const VOXELS = 8 * 8 * 8;

const NETWORK: Pick<NetworkOptions, "widths" | "strides"> = { widths: [2, 4], strides: [[2, 2, 2]] };

export function tinyLearner(name: string, organs: number[] = [1], seed = 1): Learner {
  return createLearner(name, organs, { ...NETWORK, seed });
}

/** One that does not learn. */
export function idleLearner(name: string, role: NetworkOptions["role"], seed = 1): Learner {
  return createLearner(name, [1], { ...NETWORK, seed, role });
}

/** All weights in one array, in the order of their names. */
export function weightsOf(model: OrganModel["model"]): number[] {
  const weights = snapshotWeights(model);
  const values = Object.values(weights).flatMap((tensor) => [...tensor.dataSync()]);
  tf.dispose(weights);
  return values;
}

/** All weights as a short text, so that a difference is one line. */
export function digestOf(model: OrganModel["model"]): string {
  return createHash("sha256").update(Float32Array.from(weightsOf(model))).digest("hex").slice(0, 16);
}

export interface TinyBatch {
  /** What tells one batch from another. */
  key: number;
  labelSet?: number[];
  pseudoSet?: number[];
  /** Code of each voxel. @default the label set's first organ in a block of 4³ at the corner, else 0 */
  labels?: (voxel: number) => number;
}

/** One patch: noise, and brighter where a label is. */
export function tinyBatch({ key, labelSet = [1], pseudoSet = [], labels }: TinyBatch): PatchBatch {
  const random = createRandom("tiny batch", key);
  const corner = (voxel: number) =>
    voxel % 8 < 4 && Math.floor(voxel / 8) % 8 < 4 && voxel < VOXELS / 2 ? labelSet[0]! : 0;
  const codes = Uint8Array.from({ length: VOXELS }, (_, voxel) => (labels ?? corner)(voxel));
  const images = Float32Array.from(codes, (code) => uniform(random, [-1, 1]) + (code > 0 ? code : 0));
  return {
    images,
    labels: codes,
    batch: 1,
    patch: PATCH,
    labelSets: [labelSet],
    pseudoSets: [pseudoSet],
    cases: [`case ${key}`],
  };
}

/** A stream that makes batch k from k. */
export function tinyStream(firstStep: number, make: (step: number) => PatchBatch): PatchStream {
  let step = firstStep;
  return { next: () => Promise.resolve(make(step++)), close: () => {} };
}

/** Runs a test twice; the first may make what stays (kernels, caches); the second must leave no tensor behind. */
export async function assertLeavesNoTensors(run: () => void | Promise<void>): Promise<void> {
  await run();
  const before = tensorCount();
  await run();
  assertEquals(tensorCount(), before, "tensors are left behind");
}

/**
 * A study of any size without scans: what benchmarks of whole training steps train on.
 *
 * @module
 */
import type { PatchBatch } from "../../lib/data/patches/patch_batch.ts";
import { addNormalNoise, createRandom, permutation } from "../../lib/data/random.ts";
import { type Region, voxelCount } from "../../lib/data/region.ts";
import type { PreparedDataset, PreparedStudy } from "../../lib/data/store/prepared_study.ts";
import type { StoredCase } from "../../lib/data/store/stored_case.ts";

/** Plain data: it is an argument of contestants. */
export interface SyntheticStudyOptions {
  /** The organs that each dataset shows. */
  shown: number[][];
  /** [depth, height, width] of a patch, voxels. */
  patch: Region["shape"];
  batchSize: number;
  /** Channels of the network's levels; strides are 2. */
  widths: number[];
}

/** Every dataset has one case. */
export interface SyntheticStudy extends PreparedStudy {
  datasets: (PreparedDataset & { training: [StoredCase] })[];
}

/** A study whose cases are names: nothing of theirs is on disk. */
export function syntheticStudy({ shown, patch, batchSize, widths }: SyntheticStudyOptions): SyntheticStudy {
  const organs = [...new Set(shown.flat())].sort((a, b) => a - b);
  const one = (dataset: string, labelSet: number[]): StoredCase => ({
    id: dataset,
    dataset,
    shape: patch,
    labelSet,
    pseudoSet: [],
    image: `nowhere/${dataset}/image`,
    labels: `nowhere/${dataset}/labels`,
    locations: {},
  });
  return {
    name: "synthetic",
    organs: organs.map((number) => ({ number, name: `organ ${number}`, nsdToleranceMm: 1 })),
    datasets: shown.map((labelSet, i) => {
      const name = String.fromCharCode("A".charCodeAt(0) + i);
      return { name, organs: labelSet, training: [one(name, labelSet)], validation: [], validationScans: [] };
    }),
    test: [],
    preprocessing: { spacingMm: [1, 1, 1], intensity: { scheme: "mr" } },
    patch,
    network: { widths, strides: widths.slice(1).map(() => [2, 2, 2]) },
    training: {
      batchSize,
      partialOrganSteps: 1e6,
      fullOrganSteps: 1e6,
      learningRate: 0.001,
      warmupSteps: 10,
      validateEvery: 1e6,
    },
    warnings: [],
  };
}

/** The study's training cases as if every missing organ had a pseudo label. */
export function completedCases(study: PreparedStudy): StoredCase[][] {
  return study.datasets.map(({ training }) =>
    training.map((stored) => ({
      ...stored,
      pseudoSet: study.organs.map(({ number }) => number).filter((k) => !stored.labelSet.includes(k)),
    }))
  );
}

/**
 * A batch of a case: each organ with a label, true or pseudo, fills one of 4³ equal cells and is a little brighter than the
 * one before, in noise.
 */
export function syntheticBatch(
  { id, labelSet, pseudoSet }: StoredCase,
  { patch, training: { batchSize: batch }, organs }: PreparedStudy,
): PatchBatch {
  const voxels = voxelCount(patch);
  const labels = new Uint8Array(batch * voxels);
  const [depth, height, width] = patch;
  for (let sample = 0; sample < batch; sample++) {
    const cells = permutation(createRandom("cells", id, sample), 64);
    for (let v = 0; v < voxels; v++) {
      const [z, y, x] = [Math.floor(v / (height * width)), Math.floor(v / width) % height, v % width];
      const cell = 16 * Math.floor(4 * z / depth) + 4 * Math.floor(4 * y / height) +
        Math.floor(4 * x / width);
      const organ = cells[cell]! + 1;
      if (labelSet.includes(organ) || pseudoSet.includes(organ)) labels[sample * voxels + v] = organ;
    }
  }
  const images = Float32Array.from(labels, (organ) => organ / organs.length);
  addNormalNoise(images, { random: createRandom("noise", id), std: 0.5 });
  return {
    images,
    labels,
    batch,
    patch,
    cases: Array(batch).fill(id),
    labelSets: Array(batch).fill(labelSet),
    pseudoSets: Array(batch).fill(pseudoSet),
  };
}

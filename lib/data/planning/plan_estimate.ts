/**
 * What a study will cost.
 *
 * @module
 */
import type { Cohort } from "../cohorts/cohort.ts";

export interface Estimate {
  /** Memory of one model's training step, MiB. */
  memoryMib: number;
  /** One forward and backward pass of one model on one dataset's patches, seconds. */
  passSeconds: number;
  /** Both stages of the arm with all mutual terms, hours. */
  hours: number;
}

/**
 * Measured on two cores: a step of 2 patches of 64³ with widths 16-32-64-128 takes 0.67 s and 2,720 MiB, of which some
 * 400 MiB are the program. Time follows voxels × width² (convolutions), memory voxels × width (kept activations). Deep supervision
 * counts for nothing: heads of a few channels on an eighth of the voxels.
 */
const REFERENCE = {
  batch: 2,
  patch: [64, 64, 64],
  widths: [16, 32, 64, 128],
  strides: [[2, 2, 2], [2, 2, 2], [2, 2, 2]],
  seconds: 0.67,
  programMib: 400,
  activationMib: 2320,
};

interface Network {
  batch: number;
  patch: readonly number[];
  widths: readonly number[];
  strides: readonly (readonly number[])[];
}

/** Sum over levels of voxels × width^power. */
function work({ batch, patch, widths, strides }: Network, power: 1 | 2): number {
  let voxels = batch * patch.reduce((product, size) => product * size, 1);
  return widths.reduce((sum, width, level) => {
    if (level > 0) voxels /= strides[level - 1]!.reduce((product, factor) => product * factor, 1);
    return sum + voxels * width ** power;
  }, 0);
}

/** Extrapolates one measured step. Every step takes N models over the patches of N datasets, in both stages. */
export function estimateCost({ datasets, patch, network, training }: Cohort): Estimate {
  const planned = { batch: training.batchSize, patch, ...network };
  const passSeconds = REFERENCE.seconds * work(planned, 2) / work(REFERENCE, 2);
  const memoryMib = REFERENCE.programMib + REFERENCE.activationMib * work(planned, 1) / work(REFERENCE, 1);
  const steps = training.partialOrganSteps + training.fullOrganSteps;
  return { memoryMib, passSeconds, hours: steps * datasets.length ** 2 * passSeconds / 3600 };
}

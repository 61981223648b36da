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
 * 400 MiB are the program. Time follows voxels × width² × size of kernels (convolutions), memory voxels × width (kept activations). Deep supervision
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
  kernels?: readonly (readonly number[])[] | undefined;
}

const product = (sizes: readonly number[]) => sizes.reduce((product, size) => product * size, 1);

/** Sum over levels of voxels × what one voxel takes at the level. */
function work({ batch, patch, widths, strides }: Network, ofVoxel: (level: number) => number): number {
  let voxels = batch * product(patch);
  return widths.reduce((sum, _, level) => {
    if (level > 0) voxels /= product(strides[level - 1]!);
    return sum + voxels * ofVoxel(level);
  }, 0);
}

/** Extrapolates one measured step. Every step takes N models over the patches of N datasets, in both stages. */
export function estimateCost({ datasets, patch, network, training }: Cohort): Estimate {
  const planned = { batch: training.batchSize, patch, ...network };
  const convolving = ({ widths, kernels }: Network) => (level: number) =>
    widths[level]! ** 2 * product(kernels?.[level] ?? [3, 3, 3]);
  const keeping = ({ widths }: Network) => (level: number) => widths[level]!;
  const ratio = (cost: (of: Network) => (level: number) => number) =>
    work(planned, cost(planned)) / work(REFERENCE, cost(REFERENCE));
  const passSeconds = REFERENCE.seconds * ratio(convolving);
  const memoryMib = REFERENCE.programMib + REFERENCE.activationMib * ratio(keeping);
  const steps = training.partialOrganSteps + training.fullOrganSteps;
  return { memoryMib, passSeconds, hours: steps * datasets.length ** 2 * passSeconds / 3600 };
}

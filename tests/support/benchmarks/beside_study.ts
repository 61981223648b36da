/** A study of two organs for the comparison beside nnU-Net. */
import type { Study, StudyCase } from "../../../lib/data/cohorts/study.ts";
import { writeNifti } from "../../../lib/imaging/nifti/write_nifti.ts";

/** One dataset with these cases. */
export function besideStudy(
  { training = [], validation = [] }: { training?: StudyCase[]; validation?: StudyCase[] } = {},
): Study {
  return {
    name: "tiny",
    organs: ["Liver", "Spleen"].map((name, index) => ({ number: index + 1, name, nsdToleranceMm: 1 })),
    datasets: [{ name: "A", organs: [1, 2], training, validation }],
    test: [],
    preprocessing: { spacingMm: [3, 1, 2], intensity: { scheme: "mr" } },
    patch: [8, 16, 24],
    network: { widths: [4, 8, 12], strides: [[1, 2, 2], [2, 2, 2]] },
    training: {
      batchSize: 3,
      partialOrganSteps: 1,
      fullOrganSteps: 1,
      learningRate: 0.01,
      warmupSteps: 0,
      validateEvery: 1,
    },
    warnings: [],
  };
}

/** A row of voxels as NIfTI. */
export async function writeVoxels(path: string, voxels: number[]): Promise<void> {
  await writeNifti(path, {
    data: Uint8Array.from(voxels),
    shape: [1, 1, voxels.length],
    affine: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
  });
}

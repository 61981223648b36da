/** A study of two datasets of one organ each, from NIfTI files: values 1 and 2 are the shown organs, 3 and more are hidden. */
import { join } from "@std/path";
import { createRandom, uniform } from "../../../lib/data/random.ts";
import type { PreparedStudy } from "../../../lib/data/store/prepared_study.ts";
import { preprocessCase } from "../../../lib/data/store/preprocess.ts";
import type { StoredCase } from "../../../lib/data/store/stored_case.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { niftiBytes } from "../data/datasets/nifti_bytes.ts";
import { makeTinyStudy } from "./tiny_study.ts";

const SHAPE: Shape = [10, 10, 10];

export interface LabelFiles {
  /** Value in the file of a voxel of an organ that its dataset does not show. */
  hidden: (voxel: number) => number;
  /** How far the shown organ is moved along x, voxels. @default 0 */
  shownShift?: number;
}

export async function studyFromFiles(
  folder: string,
  { hidden, shownShift = 0 }: LabelFiles,
): Promise<PreparedStudy> {
  const study = await makeTinyStudy(folder, [[1], [2]]);
  const load = async (dataset: string, organ: number, name: string): Promise<StoredCase> => {
    const id = `${dataset}-${name}`, random = createRandom("hidden", id);
    const inBlock = (voxel: number, from: number) => {
      const position = [Math.floor(voxel / 100), Math.floor(voxel / 10) % 10, voxel % 10 - from];
      return position.every((v) => v >= 1 && v < 4);
    };
    const image = Float32Array.from({ length: 1000 }, (_, v) => uniform(random, [0, 1]) + +inBlock(v, 0));
    const labels = Uint8Array.from(
      { length: 1000 },
      (_, v) => inBlock(v, shownShift) ? organ : inBlock(v, 5) ? hidden(v) : 0,
    );
    const paths = { image: join(folder, `${id}.nii`), label: join(folder, `${id}-label.nii`) };
    await Deno.writeFile(paths.image, niftiBytes(image, { shape: SHAPE }));
    await Deno.writeFile(paths.label, niftiBytes(labels, { shape: SHAPE }));
    const studyCase = {
      id,
      dataset,
      subject: id,
      ...paths,
      labelSet: [organ],
      values: { [organ]: organ },
      declared: Array.from({ length: 256 }, (_, value) => value),
    };
    const { preprocessing } = study;
    return await preprocessCase(studyCase, { preprocessing, folder: join(folder, "store") });
  };
  return {
    ...study,
    datasets: await Promise.all(study.datasets.map(async (dataset, i) => ({
      ...dataset,
      training: [await load(dataset.name, i + 1, "1"), await load(dataset.name, i + 1, "2")],
      validation: [await load(dataset.name, i + 1, "3")],
    }))),
  };
}

import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { preprocessCase } from "../../lib/data/store/preprocess.ts";
import type { PreparedStudy } from "../../lib/data/store/prepared_study.ts";
import { createRandom, integer, uniform } from "../../lib/data/random.ts";
import type { Shape } from "../../lib/imaging/volume.ts";
import { niftiBytes } from "../support/data/datasets/nifti_bytes.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { trainPartialOrganModels } from "../support/methods/stages.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { digestOf } from "../support/training/tiny_learners.ts";
import { makeTinyStudy } from "../support/training/tiny_study.ts";

const SHAPE: Shape = [10, 10, 10];

interface LabelFiles {
  /** Value in the file of a voxel of an organ that its dataset does not show. */
  hidden: (voxel: number) => number;
  /** How far the shown organ is moved along x, voxels. @default 0 */
  shownShift?: number;
}

/** Two datasets of one organ each, from NIfTI files: values 1 and 2 are the shown organs, 3 and more are hidden. */
async function trainFromFiles(folder: string, { hidden, shownShift = 0 }: LabelFiles): Promise<string[]> {
  const study = await makeTinyStudy(folder, [[1], [2]]);
  const load = (dataset: string, organ: number) =>
    Promise.all(["1", "2", "3"].map(async (name) => {
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
      const studyCase = { id, dataset, subject: id, ...paths, labelSet: [organ], values: { [organ]: organ } };
      return await preprocessCase(studyCase, {
        preprocessing: study.preprocessing,
        folder: join(folder, "store"),
      });
    }));
  const prepared: PreparedStudy = {
    ...study,
    datasets: await Promise.all(study.datasets.map(async (dataset, i) => {
      const [one, two, three] = await load(dataset.name, i + 1);
      return { ...dataset, training: [one, two], validation: [three] };
    })),
  };
  const recorder = memoryRecorder();
  const models = await trainPartialOrganModels(prepared, recorder, { steps: 3, rampUp: 0 });
  const digests = models.map(({ model }) => digestOf(model));
  const { inputs } = recorder.stages[0];
  models.forEach(({ model }) => model.dispose());
  recorder.dispose();
  return [...digests, JSON.stringify(inputs)];
}

Deno.test("hidden organs' labels never reach training: poisoned files give the same bits and the same identity", async () => {
  const random = createRandom("poison");
  const train = async (files: LabelFiles) => {
    let result!: string[];
    await inTemporaryFolder(async (folder) => void (result = await trainFromFiles(folder, files)));
    return result;
  };
  const honest = await train({ hidden: () => 3 });
  assertEquals(await train({ hidden: () => 0 }), honest);
  assertEquals(await train({ hidden: () => integer(random, [3, 9]) }), honest);
  const seen = await train({ hidden: () => 3, shownShift: 1 });
  for (const [i, part] of seen.entries()) assertNotEquals(part, honest[i], "shown labels do matter");
});

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { plan } from "../../lib/commands/plan.ts";
import { readCohort } from "../../lib/data/cohorts/read_cohort.ts";
import { resolveStudy } from "../../lib/data/cohorts/resolve_study.ts";
import { createRandom, uniform } from "../../lib/data/random.ts";
import { prepareStudy } from "../../lib/data/store/prepared_study.ts";
import { writeNifti } from "../../lib/imaging/nifti/write_nifti.ts";
import type { Method } from "../../lib/methods/definition/method.ts";
import { singleMarginal } from "../../lib/methods/single_marginal.ts";
import { withOutput } from "../support/commands/with_output.ts";
import { inTempFolder } from "../support/data/datasets/tiny_dataset.ts";
import { trainAll } from "../support/methods/conformance.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";

const SIZE = 32;

/** Pictures with a bright square of one organ, as files of one slice of 5 mm. */
async function writePictures(folder: string, organ: string): Promise<string> {
  const ids = Array.from({ length: 6 }, (_, index) => `${organ}_${index}`);
  for (const part of ["imagesTr", "labelsTr"]) await Deno.mkdir(join(folder, part), { recursive: true });
  for (const id of ids) {
    const random = createRandom(id), from = Math.floor(uniform(random, [2, 20]));
    const inside = (i: number) => [Math.floor(i / SIZE), i % SIZE].every((at) => at >= from && at < from + 8);
    const labels = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => Number(inside(i)));
    const data = Float32Array.from(labels, (label) => uniform(random, [0, 50]) + 200 * label);
    const grid = {
      shape: [1, SIZE, SIZE] as [number, number, number],
      affine: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 5, 0], [0, 0, 0, 1]],
    };
    await writeNifti(join(folder, "imagesTr", `${id}.nii.gz`), { data, ...grid });
    await writeNifti(join(folder, "labelsTr", `${id}.nii.gz`), { data: labels, ...grid });
  }
  const training = ids.map((id) => ({ image: `./imagesTr/${id}.nii.gz`, label: `./labelsTr/${id}.nii.gz` }));
  const json = { name: organ, modality: { "0": "MRI" }, labels: { "0": "background", "1": organ }, training };
  await Deno.writeTextFile(join(folder, "dataset.json"), JSON.stringify(json));
  return folder;
}

Deno.test("pictures are planned with flat patches and kernels, prepared, and trained on", () =>
  inTempFolder(async (root) => {
    const folders = [
      await writePictures(join(root, "a"), "Disc"),
      await writePictures(join(root, "b"), "Square"),
    ];
    const out = join(root, "flat.json");
    await withOutput(() => plan([...folders, "--name", "flat", "--out", out]));
    const cohort = await readCohort(out);
    assertEquals(cohort.patch[0], 1);
    assert(cohort.network.kernels!.every(([depth]) => depth === 1));
    assert(cohort.network.strides.every(([depth]) => depth === 1));
    const study = await prepareStudy(await resolveStudy(cohort, { dataRoot: root }), {
      folder: join(root, "store"),
    });
    assertEquals(study.datasets[0]!.training[0]!.shape, [1, SIZE, SIZE]);
    const recorder = memoryRecorder({ folder: join(root, "stages") });
    const told = await trainAll(singleMarginal as unknown as Method, { study, completed: [] }, {
      recorder,
      steps: 2,
    });
    assert(told.length > 0 && told.every((line) => !line.includes("NaN")), told.join("\n"));
    recorder.dispose();
  }));

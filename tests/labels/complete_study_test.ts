import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { readStoredLabels } from "../../lib/data/store/store.ts";
import { createUnet } from "../../lib/models/unet.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { completeStudy, type CompleteStudyOptions } from "../../lib/labels/complete_study.ts";
import type { OrganModel } from "../../lib/inference/predictor.ts";
import { pseudoLabelOptions } from "../../lib/workbench/session/pseudo_label_options.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { type MemoryRecorder, memoryRecorder } from "../support/training/memory_recorder.ts";
import { makeTinyStudy } from "../support/training/tiny_study.ts";

/** Networks that were never trained: what they say is anything, but always the same. */
function models(seed = 1): OrganModel[] {
  return Object.entries({ a: [1], b: [2] }).map(([name, organs], i) => {
    const model = createUnet({ classes: 2, widths: [2, 4], strides: [[2, 2, 2]], seed: seed + i });
    return { name, organs, model };
  });
}

const options: CompleteStudyOptions = {
  ...pseudoLabelOptions({ seed: 1 }),
  filters: { confidence: 0.5, agreement: 0, volume: 0, feature: 0 },
  clean: false,
};

Deno.test("a stop is heard after the case in progress", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    let progress = 0;
    const recorder: MemoryRecorder = memoryRecorder({
      folder,
      onProgress() {
        progress++;
        setTimeout(() => recorder.stop()); // as a signal of the system, which only the event loop tells of
      },
    });
    const complete = () => completeStudy(study, recorder, { ...options, models: models() });
    await assertRejects(complete, DOMException, "Stopped");
    assertEquals(progress, 1);
  });
});

Deno.test("a study is completed once; afterwards the result is found, with what was not measured", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    let progress = 0;
    const recorder = memoryRecorder({ folder, onProgress: () => void progress++ });
    const owners = models();
    const before = tf.memory().numTensors;
    const first = await completeStudy(study, recorder, { ...options, models: owners });
    assertEquals(progress, 4);
    const again = await completeStudy(study, recorder, { ...options, models: owners });
    assertEquals(progress, 4);
    assertEquals(again, first);
    assertEquals(tf.memory().numTensors, before);
    assertEquals(first.rows.length, 4);
    assert(first.rows.every(({ dice, agreement }) => Number.isNaN(dice) && Number.isNaN(agreement)));
    const kept = first.rows.filter(({ verdict }) => verdict === "");
    assert(kept.length > 0, "the test wants some pseudo labels");
    for (const { case: id, organ, voxels } of kept) {
      const stored = first.completed.flat().find((one) => one.id === id)!;
      assertEquals(stored.pseudoSet, [organ]);
      const labels = await readStoredLabels(stored);
      assertEquals(labels.filter((code) => code === organ).length, voxels);
      const truth = await readStoredLabels(
        study.datasets.flatMap((d) => d.training).find((one) => one.id === id)!,
      );
      assert(truth.every((code, v) => code === 0 || labels[v] === code), "truth is overwritten");
    }
    owners.forEach(({ model }) => model.dispose());
    recorder.dispose();
  });
});

Deno.test("a case without pseudo labels keeps its labels", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    const recorder = memoryRecorder({ folder });
    const owners = models();
    const none = { organThreshold: 1, backgroundThreshold: 2 };
    const { completed } = await completeStudy(study, recorder, { ...options, ...none, models: owners });
    for (const [i, dataset] of completed.entries()) {
      for (const [k, stored] of dataset.entries()) {
        const before = study.datasets[i]!.training[k]!;
        assertEquals({ ...stored, labels: before.labels }, before);
        assertEquals(await readStoredLabels(stored), await readStoredLabels(before));
      }
    }
    owners.forEach(({ model }) => model.dispose());
    recorder.dispose();
  });
});

Deno.test("models, thresholds, filters and seed are the stage's identity", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    const identity = async (changes: Partial<CompleteStudyOptions>, seed = 1) => {
      const recorder = memoryRecorder({ folder });
      const owners = models(seed);
      await completeStudy(study, recorder, { ...options, ...changes, models: owners });
      const { inputs } = recorder.stages[0]!;
      owners.forEach(({ model }) => model.dispose());
      recorder.dispose();
      return inputs;
    };
    const plain = await identity({});
    assertEquals(await identity({}), plain);
    for (
      const changes of [{ organThreshold: 0.6 }, { clean: true }, {
        filters: { ...options.filters, volume: 4 },
      }, { seed: 2 }]
    ) {
      assertNotEquals(await identity(changes), plain);
    }
    assertNotEquals(await identity({}, 5), plain);
  });
});

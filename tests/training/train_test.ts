import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { createPatchWorkers } from "../../lib/data/patches/patch_workers.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { trainPartialOrganModels } from "../support/methods/stages.ts";
import type { TrainingSettings } from "../../lib/training/train.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { type MemoryRecorder, memoryRecorder } from "../support/training/memory_recorder.ts";
import { digestOf } from "../support/training/tiny_learners.ts";
import { makeTinyStudy } from "../support/training/tiny_study.ts";

type Study = Awaited<ReturnType<typeof makeTinyStudy>>;

async function train(study: Study, recorder: MemoryRecorder, options = {}) {
  const models = await trainPartialOrganModels(study, recorder, { steps: 2, ...options });
  models.forEach(({ model }) => model.dispose());
  return models;
}

Deno.test("what may change the numbers is in a stage's identity; where the store lies is not", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1, 2], [1, 2]]);
    const identity = async (changed: Study, options = {}) => {
      const recorder = memoryRecorder();
      await train(changed, recorder, { steps: 1, ...options });
      const { inputs } = recorder.stages[0]!;
      recorder.dispose();
      return inputs;
    };
    const plain = await identity(study);
    const [one, two] = study.organs;
    const [first, ...others] = study.datasets;
    const { training, preprocessing } = study;
    const changes: Record<string, Study> = {
      "mirrored organs": { ...study, organs: [{ ...one!, mirror: 2 }, { ...two!, mirror: 1 }] },
      "batch size": { ...study, training: { ...training, batchSize: 2 } },
      "learning rate": { ...study, training: { ...training, learningRate: 0.02 } },
      "warm-up": { ...study, training: { ...training, warmupSteps: 2 } },
      "averaged weights": { ...study, training: { ...training, averagedWeights: 0.9 } },
      augmentation: { ...study, training: { ...training, augmentation: { mirror: 0.5 } } },
      "foreground share": { ...study, training: { ...training, foregroundShare: 0.5 } },
      validations: { ...study, training: { ...training, validateEvery: 1 } },
      patch: { ...study, patch: [8, 8, 4] },
      network: { ...study, network: { ...study.network, widths: [2, 5] } },
      spacing: { ...study, preprocessing: { ...preprocessing, spacingMm: [2, 1, 1] } },
      "fewer cases": {
        ...study,
        datasets: [{ ...first!, training: first!.training.slice(1) }, ...others],
      },
    };
    for (const [name, changed] of Object.entries(changes)) {
      assertNotEquals(await identity(changed), plain, name);
    }
    for (const options of [{ seed: 2 }, { steps: 2 }, { rampUp: 0.9 }, { sharedInitialisation: false }]) {
      assertNotEquals(await identity(study, options), plain);
    }
    // 0 is the notebooks' word for the cohort's value, never no step at all.
    const ofCohort = { ...study, training: { ...training, partialOrganSteps: 1 } };
    assertEquals(await identity(ofCohort, { steps: 0, learningRate: 0 }), plain);
    await inTemporaryFolder(async (other) => {
      const moved = await makeTinyStudy(other, [[1, 2], [1, 2]]);
      const options = { workers: 2, checkpointSeconds: 0 };
      assertEquals(await identity(moved, options), plain);
    });
  });
});

Deno.test("a team's result is restored with its scores, by any process", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    const steps: number[] = []; // a step is told of again when its models are validated
    const recorder = memoryRecorder({ onProgress: ({ step }) => void steps.push(step) });
    const describe = async () => {
      const models = await trainPartialOrganModels(study, recorder, { steps: 2 });
      const described = models.map(({ model, ...rest }) => ({ ...rest, digest: digestOf(model) }));
      models.forEach(({ model }) => model.dispose());
      return described;
    };
    const first = await describe();
    assertEquals([...new Set(steps)], [0, 1, 2], "the first batch is told of, too");
    const told = steps.length;
    assertEquals([await describe(), steps.length], [first, told]);
    assertEquals(recorder.stages.map(({ name, finished }) => [name, finished]), [["partial_organ", true]]);
    recorder.dispose();
  });
});

Deno.test("workers that are given serve one stage after the other, and give the same patches", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    const pool = createPatchWorkers({ workers: 1 });
    const digests = async (workers: TrainingSettings["workers"]) => {
      const recorder = memoryRecorder();
      const models = await trainPartialOrganModels(study, recorder, { steps: 2, workers });
      recorder.dispose();
      return models.map(({ model }) => [digestOf(model), model.dispose()][0]);
    };
    const own = await digests(1);
    assertEquals([await digests(pool), await digests(pool)], [own, own]);
    pool.close();
  });
});

Deno.test("no tensor is left by training, by a stop, or by a case that cannot be read", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    const left = async (work: (recorder: MemoryRecorder) => Promise<unknown>) => {
      const before = tf.memory().numTensors;
      const recorder = memoryRecorder({ onProgress: ({ step }) => step === 2 && recorder.stop() });
      await work(recorder);
      recorder.dispose();
      return tf.memory().numTensors - before;
    };
    assertEquals(await left((recorder) => train(study, recorder, { steps: 1 })), 0);
    const stop = (recorder: MemoryRecorder) =>
      assertRejects(() => train(study, recorder, { steps: 3 }), DOMException, "Stopped");
    assertEquals(await left(stop), 0);
    const [one, two] = study.datasets;
    const broken = { ...two!, training: [{ ...two!.training[0]!, image: `${folder}/nowhere/image` }] };
    const fail = (recorder: MemoryRecorder) =>
      assertRejects(() => train({ ...study, datasets: [one!, broken] }, recorder), Error, "b-1");
    assertEquals(await left(fail), 0);
  });
});

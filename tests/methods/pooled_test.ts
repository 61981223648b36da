import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { tf } from "../../lib/tensors/tf.ts";
import { type StageOptions, trainPooledModel } from "../support/methods/stages.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { digestOf } from "../support/training/tiny_learners.ts";
import { completeTiny, makeTinyStudy } from "../support/training/tiny_study.ts";

type Study = Awaited<ReturnType<typeof makeTinyStudy>>;

async function outcome(study: Study, options: StageOptions = {}) {
  const recorder = memoryRecorder();
  const { model, ...trained } = await trainPooledModel(study, recorder, { steps: 2, ...options });
  const weights = digestOf(model);
  model.dispose();
  const { inputs } = recorder.stages[0]!;
  recorder.dispose();
  return { ...trained, weights, inputs };
}

Deno.test("one network for all organs, on all datasets; no tensor is left", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    const both = await outcome(study);
    const before = tf.memory().numTensors;
    const again = await outcome(study);
    assertEquals(tf.memory().numTensors, before);
    assertEquals(again, both);
    assertEquals([both.name, both.organs], ["single", [1, 2]]);
    assert(both.validationDice >= 0 && both.step === 2);
    const first: Study = { ...study, datasets: study.datasets.slice(0, 1) };
    assertNotEquals((await outcome(first)).weights, both.weights);
  });
});

Deno.test("pseudo labels teach by their weight, and are part of the stage's identity", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    const completed = await completeTiny(folder, study);
    const [marginal, full, light] = [
      await outcome(study),
      await outcome(study, { completed }),
      await outcome(study, { completed, pseudoWeight: 0.1 }),
    ];
    for (const [a, b] of [[marginal, full], [full, light]] as const) {
      assertNotEquals(a.weights, b.weights);
      assertNotEquals(a.inputs, b.inputs);
    }
  });
});

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { StoredCase } from "../../../lib/data/store/stored_case.ts";
import { planStage } from "../../../lib/methods/definition/plan_stage.ts";
import { fullOrgan } from "../../../lib/methods/mutual/full_organ.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import {
  type StageOptions,
  trainFullOrganModels,
  trainPartialOrganModels,
} from "../../support/methods/stages.ts";
import { inTemporaryFolder } from "../../support/data/store/stored_cases.ts";
import { memoryRecorder } from "../../support/training/memory_recorder.ts";
import { digestOf, weightsOf } from "../../support/training/tiny_learners.ts";
import { completeTiny, makeTinyCase, makeTinyStudy } from "../../support/training/tiny_study.ts";

type Study = Awaited<ReturnType<typeof makeTinyStudy>>;

async function outcome(study: Study, completed: StoredCase[][], options: StageOptions = {}) {
  const recorder = memoryRecorder();
  const { models, lessons } = await trainFullOrganModels(study, recorder, {
    steps: 2,
    rampUp: 0,
    completed,
    ...options,
  });
  const weights = Object.fromEntries(models.map(({ name, model }) => [name, digestOf(model)]));
  const values = Object.fromEntries(models.map(({ name, model }) => [name, weightsOf(model)]));
  models.forEach(({ model }) => model.dispose());
  const terms = [...new Set(recorder.history.flatMap(({ terms }) => Object.keys(terms)))]
    .filter((name) => !/^(validation|gradient)/.test(name));
  const { inputs } = recorder.stages[0]!;
  recorder.dispose();
  return { weights, values, terms, inputs, lessons };
}

const differenceOff: StageOptions = { predictionDifference: 0, featureDifference: 0 };
const off: StageOptions = { predictionSimilarity: 0, featureSimilarity: 0 };

Deno.test("one dataset: the similarity terms change nothing", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1, 2]]);
    const completed = await completeTiny(folder, study);
    const [mutual, alone] = [await outcome(study, completed), await outcome(study, completed, off)];
    assertEquals(mutual.weights, alone.weights);
    assertEquals(alone.terms, ["own"]);
    assertEquals(mutual.lessons, []);
  });
});

Deno.test("terms that are off are not there, and their options leave no trace in the identity", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    const completed = await completeTiny(folder, study);
    const steps = { steps: 1 };
    const plain = await outcome(study, completed, { ...off, ...steps });
    assertEquals(plain.terms, ["own"]);
    const odd: StageOptions = {
      klWeight: 3,
      teacherErrors: 0.5,
      featureSimilarityForm: "voxel",
      psLabels: "completed",
      rampUp: 1,
      peersPerStep: 1,
    };
    assertEquals((await outcome(study, completed, { ...off, ...steps, ...odd })).inputs, plain.inputs);
    const ps = await outcome(study, completed, { ...steps, featureSimilarity: 0 });
    assertEquals(ps.terms, ["own", "prediction_similarity"]);
    assertEquals([ps.inputs.teacherErrors, ps.inputs.klWeight], [undefined, 0]);
    const dfs = await outcome(study, completed, { ...steps, predictionSimilarity: 0 });
    assertEquals(dfs.terms, ["own", "feature_similarity"]);
    assertEquals([dfs.inputs.teacherErrors, dfs.inputs.klWeight], [1, undefined]);
    assertNotEquals(ps.weights, plain.weights);
  });
});

Deno.test("only truth teaches across datasets: a peer's pseudo labels change its own model alone", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    const completed = await completeTiny(folder, study);
    // Dataset b's pseudo labels of organ 1 now lie where organ 3 is; patches are drawn as before.
    const changed = [
      completed[0]!,
      await Promise.all(completed[1]!.map(async ({ id, locations }) => ({
        ...await makeTinyCase(folder, id, {
          labelSet: [2],
          pseudoSet: [1],
          code: (k) => [0, 0, 2, 1, 0][k]!,
        }),
        locations,
      }))),
    ];
    const terms: StageOptions = { steps: 1, featureSimilarity: 0, klWeight: 0 };
    const [before, after] = [await outcome(study, completed, terms), await outcome(study, changed, terms)];
    const moved = (name: string) =>
      Math.max(...after.values[name]!.map((value, i) => Math.abs(value - before.values[name]![i]!)));
    // Sums go over voxels in the order of their codes, so that model a's weights are equal but for rounding. What it
    // learnt from other labels would change the direction of an update, whose size is the learning rate.
    const { learningRate } = study.training;
    assert(moved("a") < learningRate / 100, `${moved("a")}`);
    assert(moved("b") > learningRate, `${moved("b")}`);
    assertNotEquals(after.inputs, before.inputs);
  });
});

/** Two validation cases a dataset: of one alone nobody can tell who is better. */
async function makeTwoValidated(folder: string, shown: number[][]): Promise<Study> {
  const study = await makeTinyStudy(folder, shown);
  const datasets = await Promise.all(study.datasets.map(async (dataset) => {
    const { name, organs, validation } = dataset;
    return {
      ...dataset,
      validation: [...validation, await makeTinyCase(folder, `${name}-4`, { labelSet: [...organs] })],
    };
  }));
  return { ...study, datasets };
}

const dfsOnly: StageOptions = {
  predictionSimilarity: 0,
  teacherErrors: -100,
  featureSimilarity: 50,
  featureSimilarityForm: "voxel",
};

Deno.test("a teacher is chosen by validation, so lessons begin after the first one", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTwoValidated(folder, [[1, 2], [1, 2]]);
    const completed = await completeTiny(folder, study);
    // Validated every two steps.
    assertEquals((await outcome(study, completed, { ...dfsOnly, steps: 2 })).lessons, []);
    const { lessons } = await outcome(study, completed, { ...dfsOnly, steps: 3 });
    assert(lessons.length > 0);
    assert(lessons.every(({ lessons }) => lessons === 1), "each in the third step alone");
  });
});

Deno.test("stage 2 starts where stage 1 ended: its own dataset's model, the first one's, or afresh", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    const completed = await completeTiny(folder, study);
    const recorder = memoryRecorder();
    const specialists = await trainPartialOrganModels(study, recorder, { steps: 3, ...differenceOff });
    const started = (stage2Start: "own" | "team" | "fresh") =>
      Object.values(
        planStage(study, { stage: fullOrgan }, {
          values: { stage2Start },
          inputs: { completed, specialists },
        }).plan
          .networks,
      ).map(({ from }) => from?.name);
    assertEquals([started("own"), started("team"), started("fresh")], [["a", "b"], ["a", "a"], [
      undefined,
      undefined,
    ]]);
    const learnt = async (stage2Start: "own" | "fresh") =>
      (await outcome(study, completed, { ...off, steps: 1, stage2Start, specialists })).weights;
    assertNotEquals(await learnt("own"), await learnt("fresh"));
    specialists.forEach(({ model }) => model.dispose());
    recorder.dispose();
  });
});

Deno.test("a shared projection wants networks with one, and models that start alike", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    const projected = { ...study, network: { ...study.network, projection: 3 } };
    const lacks = (of: Study, stage2Start: string) =>
      fullOrgan.lacks!(of, { sharedProjection: true, stage2Start } as never);
    assertEquals(
      lacks(study, "team"),
      "sharedProjection = true wants networks with a projection (network.projection of the cohort), these have none",
    );
    assertEquals(
      lacks(projected, "own"),
      "sharedProjection = true wants models that start alike (stage2Start = team or fresh), current value is own",
    );
    assertEquals([lacks(projected, "team"), lacks(projected, "fresh")], [undefined, undefined]);
  });
});

Deno.test("no gradient reaches a teacher: it learns what it would have learned alone", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTwoValidated(folder, [[1], [1]]);
    const completed = await completeTiny(folder, study);
    const steps = { steps: 3 };
    const [shared, alone] = [
      await outcome(study, completed, { ...dfsOnly, ...steps }),
      await outcome(study, completed, { ...off, ...steps }),
    ];
    assertEquals(shared.lessons.map(({ dataset }) => dataset), ["a", "b"]);
    const { teacher, student } = shared.lessons[0]!;
    assertEquals(shared.weights[teacher], alone.weights[teacher]);
    assertNotEquals(shared.weights[student], alone.weights[student]);
  });
});

Deno.test("a team goes on after a stop with the same bits, lessons too, and is never trained twice", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTwoValidated(folder, [[1, 2], [1, 2]]);
    const completed = await completeTiny(folder, study);
    const options = { ...dfsOnly, predictionSimilarity: 1, steps: 4, completed };
    const results: unknown[] = [];
    const before = tf.memory().numTensors;
    for (const stopAt of [0, 3]) {
      const trained: number[] = [];
      const recorder = memoryRecorder({
        onProgress({ step, activity }) {
          if (activity !== undefined) return;
          if (trained.at(-1) !== step) trained.push(step);
          if (step === stopAt) recorder.stop();
        },
      });
      const train = async () => {
        const { models, lessons } = await trainFullOrganModels(study, recorder, options);
        const weights = models.map(({ model }) => digestOf(model));
        models.forEach(({ model }) => model.dispose());
        return { weights, lessons, best: models.map(({ step, validationDice }) => [step, validationDice]) };
      };
      if (stopAt) {
        await train().then(() => assert(false), () => {});
        recorder.restart();
      }
      const result = await train();
      assertEquals(trained, [1, 2, 3, 4]);
      assertEquals(await train(), result, "restored");
      assertEquals(trained, [1, 2, 3, 4]);
      results.push({ ...result, history: recorder.history.map(({ seconds: _, ...row }) => row) });
      recorder.dispose();
    }
    assertEquals(results[1], results[0]);
    assert((results[0] as { lessons: unknown[] }).lessons.length > 0);
    assertEquals(tf.memory().numTensors, before);
  });
});

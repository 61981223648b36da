import type { Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { openPatchStream } from "../../../lib/data/patches/patch_stream.ts";
import { allowedTable, labelTargets } from "../../../lib/losses/allowed.ts";
import { createLabelMap } from "../../../lib/losses/label_map.ts";
import { supervision } from "../../../lib/losses/supervision.ts";
import { createOptimiser } from "../../../lib/models/optimiser.ts";
import { createUnet } from "../../../lib/models/unet.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { planStage } from "../../../lib/methods/definition/plan_stage.ts";
import { partialOrgan } from "../../../lib/methods/mutual/partial_organ.ts";
import { learningRateAt } from "../../../lib/training/learning_rate.ts";
import { type StageOptions, trainPartialOrganModels } from "../../support/methods/stages.ts";
import { inTemporaryFolder } from "../../support/data/store/stored_cases.ts";
import { countKernels } from "../../support/training/kernel_count.ts";
import { memoryRecorder } from "../../support/training/memory_recorder.ts";
import { digestOf } from "../../support/training/tiny_learners.ts";
import { makeTinyStudy } from "../../support/training/tiny_study.ts";

type Study = Awaited<ReturnType<typeof makeTinyStudy>>;

/** Trains, and returns the best weights, the names of the terms, and what identifies the stage. */
async function outcome(study: Study, options: StageOptions = {}) {
  const recorder = memoryRecorder();
  const models = await trainPartialOrganModels(study, recorder, { steps: 2, rampUp: 0, ...options });
  const weights = models.map(({ model }) => digestOf(model));
  models.forEach(({ model }) => model.dispose());
  const terms = [...new Set(recorder.history.flatMap(({ terms }) => Object.keys(terms)))]
    .filter((name) => !/^(validation|gradient)/.test(name));
  const { inputs } = recorder.stages[0]!;
  recorder.dispose();
  return { weights, terms, inputs, names: models.map(({ name, organs }) => [name, organs]) };
}

const off: StageOptions = { predictionDifference: 0, featureDifference: 0 };

Deno.test("one dataset: the difference terms change nothing, training is plain supervision", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1, 2]]);
    const [mutual, alone] = [await outcome(study), await outcome(study, off)];
    assertEquals(mutual.weights, alone.weights);
    assertEquals(mutual.terms, ["own"]);
    assertEquals(alone.weights, [await plainSupervision(study)]);
  });
});

/** The same training, written out. */
async function plainSupervision(study: Study): Promise<string> {
  const { organs, training } = study.datasets[0]!;
  const { batchSize, learningRate: peak, warmupSteps: warmup } = study.training;
  const model = createUnet({ classes: organs.length + 1, ...study.network, seed: 1 });
  const optimiser = createOptimiser(Object.values(model.weights));
  const { patch } = study;
  const stream = openPatchStream(training, {
    seed: 1,
    stream: "partial_organ 0",
    batchSize,
    patch,
    shownOrgans: organs,
  });
  for (let step = 0; step < 2; step++) {
    const batch = await stream.next();
    const map = createLabelMap(batch.labels, [batchSize, ...patch]);
    const images = tf.tensor5d(batch.images, [batchSize, ...patch, 1]);
    const targets = labelTargets(map, batch.labelSets.map((set) => allowedTable(set, { channels: organs })));
    const pass = model.pass(images);
    const logits = tf.grad((logits: Tensor) => supervision(logits as Tensor5D, targets))(pass.logits);
    const gradients = pass.backward({ logits });
    optimiser.apply(gradients, { learningRate: learningRateAt(step, { steps: 2, peak, warmup }) });
    pass.dispose();
    tf.dispose([logits, gradients, images, map.hot]);
  }
  const weights = digestOf(model);
  stream.close();
  optimiser.dispose();
  model.dispose();
  return weights;
}

Deno.test("each term is there when it is on, and changes the weights; off, no model visits a peer", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1, 2], [3]]);
    const [none, pd, fd, both] = [
      await outcome(study, off),
      await outcome(study, { featureDifference: 0 }),
      await outcome(study, { predictionDifference: 0 }),
      await outcome(study),
    ];
    assertEquals(none.names, [["a", [1, 2]], ["b", [3]]]);
    assertEquals(none.terms, ["own"]);
    assertEquals(pd.terms, ["own", "prediction_difference"]);
    assertEquals(fd.terms, ["own", "feature_difference"]);
    assertEquals(both.terms, ["own", "prediction_difference", "feature_difference"]);
    assertEquals(new Set([none, pd, fd, both].map(({ weights }) => JSON.stringify(weights))).size, 4);
  });
});

Deno.test("independent: a dataset's model does not depend on the other datasets", async () => {
  await inTemporaryFolder(async (folder) => {
    const two = await makeTinyStudy(folder, [[1, 2], [3]]);
    const one: Study = { ...two, datasets: two.datasets.slice(0, 1) };
    const [alone, beside] = [await outcome(one, off), await outcome(two, off)];
    assertEquals(beside.weights[0], alone.weights[0]);
    assertNotEquals((await outcome(two)).weights[0], alone.weights[0]);
  });
});

Deno.test("options of terms that are off leave no trace in a stage's identity", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    const steps = { steps: 1 };
    const plain = (await outcome(study, { ...off, ...steps })).inputs;
    const odd: StageOptions = {
      predictionDifferenceForm: "recall",
      featureDifferenceForm: "voxel",
      sharedOrgans: false,
      rampUp: 0.7,
      peersPerStep: 1,
      workers: 2,
      checkpointSeconds: 5,
    };
    assertEquals((await outcome(study, { ...off, ...steps, ...odd })).inputs, plain);
    assert(!("rampUp" in plain) && !("peersPerStep" in plain));
    const seen = (await outcome(study, { ...steps, ...odd })).inputs;
    assertEquals([seen.predictionDifferenceForm, seen.featureDifferenceForm, seen.rampUp], [
      "recall",
      "voxel",
      0.7,
    ]);
    assertEquals([seen.sharedOrgans, seen.peersPerStep], [false, 1]);
  });
});

Deno.test("peersPerStep: all peers are the same as none said; fewer are fewer", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2], [3]]);
    const [all, two, one] = [
      await outcome(study),
      await outcome(study, { peersPerStep: 2 }),
      await outcome(study, { peersPerStep: 1 }),
    ];
    assertEquals(two.weights, all.weights);
    assertNotEquals(one.weights, all.weights);
  });
});

Deno.test("peers of form peer are third models: with them it trains other bits than labels, without them it is refused", async () => {
  await inTemporaryFolder(async (folder) => {
    // Every dataset annotates all it shows: labels alone say nothing of a third organ.
    const study = await makeTinyStudy(folder, [[1], [2], [3]]);
    const values = { featureDifference: 0 };
    const [label, peer] = [
      await outcome(study, values),
      await outcome(study, { ...values, predictionDifferenceForm: "peer" }),
    ];
    assert(label.weights.every((weights, i) => weights !== peer.weights[i]));
    const lacks = (options: StageOptions, datasets = study.datasets) =>
      partialOrgan.lacks!({ ...study, datasets }, {
        ...defaultsOf(partialOrgan),
        predictionDifferenceForm: "peer",
        ...options,
      } as never);
    assertEquals(lacks({}), undefined);
    assertEquals(
      lacks({}, study.datasets.slice(1)),
      "predictionDifferenceForm = peer wants three datasets at least, the cohort has 2",
    );
    assertEquals(
      lacks({ peersPerStep: 1 }),
      "predictionDifferenceForm = peer wants all models to see all datasets (peersPerStep = 0), current value is 1",
    );
    assertEquals(lacks({ predictionDifference: 0 }, study.datasets.slice(1)), undefined);
  });
});

Deno.test("seeds: of the weights too; shared initialisation or one each", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2]]);
    const [one, again, other] = [
      await outcome(study),
      await outcome(study, { seed: 1 }),
      await outcome(study, { seed: 2 }),
    ];
    assertEquals(again.weights, one.weights);
    assertNotEquals(other.weights, one.weights);
    const own = await outcome(study, { sharedInitialisation: false });
    assertNotEquals(own.weights, one.weights);
  });
});

function defaultsOf({ parameters }: typeof partialOrgan): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters).map(([name, { default: usual }]) => [name, usual]));
}

/** Forward passes made in two steps of training. */
async function trainingPasses(study: Study, options: StageOptions): Promise<number> {
  const { calls, stop } = countKernels();
  let passes: number | undefined;
  const recorder = memoryRecorder({
    onProgress({ step }) {
      // A bias is added once a pass, to the logits. Gradients of terms are measured in the last step, which is none of these.
      if (step === 2) passes ??= calls.get("BiasAdd");
    },
  });
  try {
    const models = await trainPartialOrganModels(study, recorder, { steps: 3, rampUp: 0, ...options });
    models.forEach(({ model }) => model.dispose());
  } finally {
    stop();
    recorder.dispose();
  }
  return passes!;
}

Deno.test("passes: off, each model sees its own dataset; on, its own and as many peers' as peersPerStep says", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1], [2], [3]]);
    const counts: [options: StageOptions, perStep: number][] = [
      [off, 3],
      [{ peersPerStep: 1 }, 6],
      [{ peersPerStep: 2 }, 9],
      [{ peersPerStep: 7 }, 9],
      [{}, 9],
    ];
    for (const [options, perStep] of counts) {
      assertEquals(await trainingPasses(study, options), 2 * perStep, JSON.stringify(options));
    }
  });
});

Deno.test("a model whose dataset labels organs together alone says so; its labels decide, not its organs", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1, 2, 3], [1, 2], [3]]);
    const together = study.datasets.map((dataset, i) => ({
      ...dataset,
      training: dataset.training.map((stored) =>
        i === 0 ? { ...stored, labelSet: [201, 3], groups: { 201: [1, 2] } } : stored
      ),
    }));
    const jointOf = (datasets: Study["datasets"]) =>
      Object.values(planStage({ ...study, datasets }, { stage: partialOrgan }, { values: {} }).plan.networks)
        .map(({ joint }) => joint);
    assertEquals(jointOf(together), [[1, 2], undefined, undefined]);
    assertEquals(jointOf(study.datasets), [undefined, undefined, undefined]);
    // One case that tells them apart is enough to learn it.
    const [first, ...others] = together;
    const [one, ...rest] = study.datasets[0]!.training;
    assertEquals(
      jointOf([{ ...first!, training: [one!, ...first!.training.slice(rest.length)] }, ...others])[0],
      undefined,
    );
    const recorder = memoryRecorder();
    const models = await trainPartialOrganModels({ ...study, datasets: together }, recorder, { steps: 1 });
    assertEquals(models.map(({ joint }) => joint), [[1, 2], undefined, undefined]);
    models.forEach(({ model }) => model.dispose());
    recorder.dispose();
  });
});

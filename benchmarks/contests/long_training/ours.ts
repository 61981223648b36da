/**
 * One long training, stage 1 and then stage 2, small enough for thousands of steps: with patches from a worker, validations
 * and checkpoints. Its output are samples, one after the other: step, tensors alive, resident MiB.
 *
 * deno run -A ours.ts <empty folder> <steps of a stage> <steps between samples>
 *
 * @module
 */
import { join } from "@std/path";
import { serveContestant } from "../../harness/serve_contestant.ts";
import { organLocations } from "../../../lib/data/store/locations.ts";
import type { PreparedStudy } from "../../../lib/data/store/prepared_study.ts";
import { writeStoredArray } from "../../../lib/data/store/store.ts";
import type { StoredCase } from "../../../lib/data/store/stored_case.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { fullOrgan } from "../../../lib/methods/mutual/full_organ.ts";
import { partialOrgan } from "../../../lib/methods/mutual/partial_organ.ts";
import { trainMethodStage } from "../../../lib/methods/definition/train_stage.ts";
import type { Recorder } from "../../../lib/training/recorder.ts";
import { programArguments } from "../program_arguments.ts";
import { resultRecorder } from "../result_recorder.ts";
import { completedCases, syntheticBatch, syntheticStudy } from "../synthetic_study.ts";

const [folder, ofStage, between] = programArguments(["folder", "steps of a stage", "steps between samples"]);
const steps = Number(ofStage), sampleEvery = Number(between);

const SHAPE: Shape = [12, 12, 12];

await serveContestant(async () => {
  const plain = syntheticStudy({
    shown: [[1, 2], [3, 4]],
    patch: [8, 8, 8],
    batchSize: 1,
    widths: [2, 4],
  });
  const study: PreparedStudy = {
    ...plain,
    training: { ...plain.training, validateEvery: 500 },
    datasets: await Promise.all(plain.datasets.map(async (dataset) => {
      const stored = (name: string) =>
        storedCase({ ...dataset.training[0], id: `${dataset.name}-${name}` }, plain);
      const training = await Promise.all(["1", "2", "3", "4"].map(stored));
      return { ...dataset, training, validation: [await stored("5")] };
    })),
  };
  const completed = await Promise.all(
    completedCases(study).map((cases) => Promise.all(cases.map((one) => storedCase(one, plain)))),
  );
  return async () => {
    const samples: number[] = [];
    const options = {
      // Without a margin lessons are given all the time; there are no models of stage 1 to start from.
      values: { partialOrganSteps: steps, fullOrganSteps: steps, teacherErrors: 0, stage2Start: "fresh" },
      inputs: { completed },
      checkpointSeconds: 10,
    };
    const partial = await trainMethodStage(study, samplingRecorder(samples, 0), {
      stage: partialOrgan,
      ...options,
    });
    const full = await trainMethodStage(study, samplingRecorder(samples, steps), {
      stage: fullOrgan,
      ...options,
    });
    for (const { model } of [...partial.models, ...full.models]) model.dispose();
    return samples;
  };
});

/** Writes a case of noise and cells; its labels are those of its label set and pseudo labels. */
async function storedCase(named: StoredCase, study: PreparedStudy): Promise<StoredCase> {
  const { id, labelSet, pseudoSet } = named;
  const { images, labels } = syntheticBatch(named, { ...study, patch: SHAPE });
  const place = join(folder, `${id} ${pseudoSet}`);
  const paths = { image: join(place, "image"), labels: join(place, "labels") };
  await writeStoredArray(paths.image, images, { shape: SHAPE });
  await writeStoredArray(paths.labels, labels, { shape: SHAPE });
  return { ...named, ...paths, shape: SHAPE, locations: organLocations(labels, [...labelSet, ...pseudoSet]) };
}

/** Samples what the process holds. */
function samplingRecorder(samples: number[], stepsBefore: number): Recorder {
  return resultRecorder({
    onStep(step) {
      if (step % sampleEvery !== 0) return;
      samples.push(stepsBefore + step, tf.memory().numTensors, Deno.memoryUsage().rss / 2 ** 20);
    },
  });
}

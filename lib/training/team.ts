/**
 * A stage's frame: a team of models is trained on the study's datasets, or restored if that was done before.
 *
 * @module
 */
import { predictionPrecision } from "../models/prediction_precision.ts";
import { createUnet } from "../models/unet.ts";
import { restoreWeights } from "../models/weights.ts";
import type { LabelSet } from "../data/label_set.ts";
import { mirrorPairsOf } from "../data/patches/mirror.ts";
import { openPatchStream } from "../data/patches/patch_stream.ts";
import { createPatchWorkers, type PatchWorkers } from "../data/patches/patch_workers.ts";
import { contentOf, type PreparedStudy } from "../data/store/prepared_study.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import { rampUp } from "../losses/ramp_up.ts";
import { tf } from "../tensors/tf.ts";
import type { BatchLoss } from "./batch_gradients.ts";
import { createLearner, disposeLearner } from "./learner.ts";
import { samplePeers } from "../methods/mutual/peers.ts";
import type { OrganModel } from "../inference/predictor.ts";
import type { Recorder, StageRecorder } from "./recorder.ts";
import { train } from "./training_loop.ts";
import { validationDice } from "./validation.ts";
import { teamWork } from "./work.ts";

/** What both training stages are told. */
export interface TrainingSettings {
  /** Of weights, patches, augmentation and peers. @default 1 */
  seed?: number;
  /** Optimiser steps; 0 means the cohort's. @default 0 */
  steps?: number;
  /** Peak learning rate; 0 means the cohort's. @default 0 */
  learningRate?: number;
  /** Share of the steps over which mutual terms grow from nothing to their weight. @default 0.2 */
  rampUp?: number;
  /** Peers' datasets that each model visits in a step; 0 means all. @default 0 */
  peersPerStep?: number;
  /**
   * Threads that cut and augment patches ahead, or those of createPatchWorkers, which then outlive the stage; the
   * results do not depend on it. @default 1
   */
  workers?: number | PatchWorkers;
  /** Seconds between checkpoints; the results do not depend on it. @default 60 */
  checkpointSeconds?: number;
}

/** What a loss needs to know of the team. */
export interface LossContext {
  /** One over the number of peers' datasets that a model visits in a step. */
  peerShare: number;
  /** One over the number of datasets that a model looks at in a step, its own and its peers'. */
  datasetShare: number;
  /** Factor of the mutual terms at a step, 0…1. */
  ramp: (step: number) => number;
}

/** What a loss remembers from step to step, as JSON. */
export interface LossState {
  save(): unknown;
  load(state: unknown): void;
}

/** One model of the team. */
export interface Member {
  name: string;
  organs: LabelSet;
  /** The datasets it is trained for, by index. */
  own: readonly number[];
  /** Of its initial weights. */
  seed: number;
  /** Cases that select its checkpoint. */
  validation: readonly StoredCase[];
}

export interface TeamOptions extends TrainingSettings {
  stage: string;
  members: readonly Member[];
  /** Training cases of each dataset. */
  cases: readonly (readonly StoredCase[])[];
  defaultSteps: number;
  /** Whether models look at their peers' datasets. */
  visitPeers: boolean;
  /** The loss, and how it is saved if it has a state. */
  loss: (context: LossContext) => { loss: BatchLoss; state?: LossState };
  /** Everything that tells this stage's loss from another's, as JSON. */
  identity: Record<string, unknown>;
}

/** A trained model and how it did on validation. */
export interface TrainedModel extends OrganModel {
  /** Mean Dice over organs on the validation cases, of the checkpoint that was kept; -Infinity if they show none. */
  validationDice: number;
  /** The step of that checkpoint. */
  step: number;
}

/** The team as it ended. */
export interface Team {
  models: TrainedModel[];
  /** The loss's state at the end, if it has one. */
  lossState: unknown;
}

/** Trains the team, or resumes, or restores it. The caller disposes the models. */
export async function trainTeam(
  study: PreparedStudy,
  recorder: Recorder,
  options: TeamOptions,
): Promise<Team> {
  const { members, visitPeers, identity } = options;
  const { batchSize, validateEvery, warmupSteps } = study.training;
  const settings = {
    seed: options.seed ?? 1,
    steps: options.steps || options.defaultSteps,
    learningRate: options.learningRate || study.training.learningRate,
    rampUp: options.rampUp ?? 0.2,
    peersPerStep: Math.min(options.peersPerStep || Infinity, study.datasets.length - 1),
  };
  // What no term uses must not tell stages apart: arms share what is the same.
  const { rampUp: _, peersPerStep: __, ...alone } = settings;
  const stage = await recorder.stage(options.stage, {
    ...identity,
    ...(visitPeers ? settings : alone),
    batchSize,
    validateEvery,
    warmupSteps,
    patch: study.patch,
    network: study.network,
    spacing: study.preprocessing.spacingMm,
    // They decide which patches are mirrored.
    mirrorPairs: mirrorPairsOf(study.organs),
    shown: study.datasets.map(({ organs }) => organs),
    members: members.map((m) => ({ ...m, validation: m.validation.map(contentOf) })),
    cases: options.cases.map((dataset) => dataset.map(contentOf)),
  });
  if (!stage.finished) {
    await trainMembers(study, stage, { ...options, ...settings });
  }
  return await restoreTeam(study, stage, members);
}

async function trainMembers(
  study: PreparedStudy,
  recorder: StageRecorder,
  options:
    & TeamOptions
    & Required<Pick<TrainingSettings, "seed" | "steps" | "learningRate" | "rampUp" | "peersPerStep">>,
) {
  const { members, cases, seed, steps, learningRate, peersPerStep, workers = 1 } = options;
  const { batchSize, validateEvery, warmupSteps } = study.training;
  const learners = members.map((m) => createLearner(m.name, m.organs, { ...study.network, seed: m.seed }));
  const length = Math.round(options.rampUp * steps);
  const { loss, state } = options.loss({
    peerShare: 1 / Math.max(1, peersPerStep),
    datasetShare: 1 / (1 + peersPerStep),
    ramp: (step) => rampUp(step, { length }),
  });
  const pool = typeof workers === "number" ? createPatchWorkers({ workers }) : workers;
  const mirrorPairs = mirrorPairsOf(study.organs);
  try {
    await train(learners, {
      stage: options.stage,
      steps,
      learningRate,
      warmupSteps,
      validateEvery,
      loss,
      lossState: state,
      recorder,
      work: teamWork({
        members,
        steps,
        batchSize,
        validateEvery,
        window: study.patch,
        peersPerStep: options.visitPeers ? peersPerStep : 0,
      }),
      checkpointSeconds: options.checkpointSeconds,
      datasets: cases.length,
      openStream: (dataset, firstStep) =>
        openPatchStream(cases[dataset], {
          seed,
          stream: `${options.stage} ${dataset}`,
          firstStep,
          steps,
          batchSize,
          mirrorPairs,
          workers: pool,
          // No signal: a step that has begun is finished, and saved.
          patch: study.patch,
          spacing: study.preprocessing.spacingMm,
          shownOrgans: study.datasets[dataset].organs,
        }),
      visitors: (dataset, step) => {
        const own = members.flatMap((m, i) =>
          m.own.includes(dataset) ? [{ learner: learners[i], own: true }] : []
        );
        if (!options.visitPeers) return own;
        const visits = samplePeers({ models: members.length, peersPerStep, seed, step });
        return [...own, ...visits[dataset].map((i) => ({ learner: learners[i], own: false }))];
      },
      validate: async (learner, onCase) => {
        const { validation } = members[learners.indexOf(learner)];
        const dice = await validationDice(learner, {
          cases: validation,
          window: study.patch,
          signal: recorder.signal,
          onCase,
        });
        return Object.fromEntries([...dice].map(([organ, value]) => [study.organs[organ - 1].name, value]));
      },
    });
    await recorder.save("result", {
      tensors: Object.fromEntries(
        learners.flatMap(({ name, best }) =>
          Object.entries(best.weights).map(([key, tensor]) => [`${name}/${key}`, tensor])
        ),
      ),
      meta: {
        models: Object.fromEntries(
          learners.map(({ name, best: { score, step } }) => [name, { score, step }]),
        ),
        loss: state?.save(),
      },
    });
    await recorder.finish();
  } finally {
    if (pool !== workers) pool.close();
    learners.forEach(disposeLearner);
  }
}

/** -Infinity, where no validation case shows an organ, becomes null in JSON. */
interface Selected {
  score: number | null;
  step: number;
}

async function restoreTeam(
  study: PreparedStudy,
  recorder: StageRecorder,
  members: readonly Member[],
): Promise<Team> {
  const { tensors, meta } = (await recorder.restore("result"))!;
  // Another machine may have trained them.
  const { precision } = predictionPrecision(study.network.precision);
  const models = members.map(({ name, organs, seed }): TrainedModel => {
    const model = createUnet({ classes: organs.length + 1, ...study.network, precision, seed });
    const own = Object.entries(tensors).filter(([key]) => key.startsWith(`${name}/`));
    restoreWeights(
      model,
      Object.fromEntries(own.map(([key, tensor]) => [key.slice(name.length + 1), tensor])),
    );
    const { score, step } = (meta.models as Record<string, Selected>)[name];
    return { name, organs, model, validationDice: score ?? -Infinity, step };
  });
  tf.dispose(tensors);
  return { models, lossState: meta.loss };
}

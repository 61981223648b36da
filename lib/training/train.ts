/**
 * A stage of training: its plan is carried out, or what it gave is restored if that was done before.
 *
 * @module
 */
import { namesOfLabels } from "../data/cohorts/study.ts";
import { createRandom } from "../data/random.ts";
import { mirrorPairsOf } from "../data/patches/mirror.ts";
import { createPatchWorkers, type PatchWorkers } from "../data/patches/patch_workers.ts";
import { contentOf, type PreparedStudy } from "../data/store/prepared_study.ts";
import type { OrganModel } from "../inference/predictor.ts";
import { rampUp } from "../losses/ramp_up.ts";
import { predictionPrecision } from "../models/prediction_precision.ts";
import { createUnet } from "../models/unet.ts";
import { restoreWeights } from "../models/weights.ts";
import { tf } from "../tensors/tf.ts";
import { bfloat16Version, engineVersion } from "./engine_version.ts";
import { createLearner, disposeLearner, type Learner, requireLeaders, requireTrained } from "./learner.ts";
import { describeNetwork, formOf, startOf } from "./network_form.ts";
import type { Json, Objective, TrainingPlan } from "./plan.ts";
import { openStream } from "./plan_stream.ts";
import type { Recorder, StageRecorder } from "./recorder.ts";
import type { StageState } from "./stage_state.ts";
import { memoryOf, train, withMemory } from "./training_loop.ts";
import { validationScores } from "./validation.ts";
import { stageWork, trainingPasses } from "./work.ts";

/** How a stage trains, beside its plan. */
export interface TrainingSettings {
  /** Of weights, patches, augmentation and whatever the objective draws. */
  seed: number;
  /** Optimiser steps. */
  steps: number;
  /** Peak learning rate; 0 means the cohort's. */
  learningRate: number;
  /** Share of the steps over which growing terms reach their weight; 0: they have it from the first step on. */
  rampUp: number;
  /**
   * Threads that cut and augment patches ahead, or those of createPatchWorkers, which then outlive the stage; the
   * results do not depend on it. @default 1
   */
  workers?: number | PatchWorkers | undefined;
  /** Seconds between checkpoints; the results do not depend on it. @default 60 */
  checkpointSeconds?: number | undefined;
}

export interface TrainPlanOptions extends TrainingSettings {
  /** Name, as in history.csv. */
  stage: string;
  /** The values that the plan was made from, and the versions of what made it: with the plan they are the stage's identity. */
  identity: Readonly<Record<string, Json>>;
}

/** A trained network and how it did on validation. */
export interface TrainedModel extends OrganModel {
  /** Mean Dice over organs on the validation cases, of the checkpoint that was kept; -Infinity if they show none. */
  validationDice: number;
  /** The step of that checkpoint. */
  step: number;
}

/** What a stage gave. */
export interface TrainedStage {
  /** The networks that were validated, in the plan's order, with the weights that validated best. */
  models: TrainedModel[];
  /** What the objective remembered at the end, if it remembers anything: numbers and words. */
  memory: StageState["meta"];
}

/** Carries the plan out, or goes on with it, or restores what it gave. The caller disposes the models. */
export async function trainPlan(
  study: PreparedStudy,
  recorder: Recorder,
  { plan, ...options }: TrainPlanOptions & { plan: TrainingPlan },
): Promise<TrainedStage> {
  requireLeaders(plan);
  const { batchSize, validateEvery, warmupSteps, averagedWeights, augmentation, foregroundShare } =
    study.training;
  const settings = {
    seed: options.seed,
    steps: options.steps,
    learningRate: options.learningRate || study.training.learningRate,
  };
  const own = {
    ...settings,
    engine: engineVersion,
    ...study.network.precision === "bfloat16" && { bfloat16: bfloat16Version },
    batchSize,
    validateEvery,
    warmupSteps,
    ...averagedWeights !== undefined && { averagedWeights },
    ...augmentation && { augmentation },
    ...foregroundShare !== undefined && { foregroundShare },
    patch: study.patch,
    network: study.network,
    spacing: study.preprocessing.spacingMm,
    // They decide which patches are mirrored.
    mirrorPairs: mirrorPairsOf(study.organs),
    networks: await Promise.all(Object.entries(plan.networks).map((entry) => describeNetwork(entry, study))),
    streams: Object.entries(plan.streams).map(([name, { cases, shown, change }]) => ({
      name,
      shown,
      cases: cases.map(contentOf),
      change: change && { name: change.name, options: change.options },
    })),
  };
  requireOwnNames(options, own);
  const stage = await recorder.stage(options.stage, { ...options.identity, ...own });
  if (!stage.finished) await carryOut(plan, stage, { ...options, ...settings, study });
  return await restoreStage(plan, stage, { study, seed: settings.seed });
}

/** A parameter named like something of the engine's would leave the identity without a word. */
function requireOwnNames({ stage, identity }: TrainPlanOptions, own: object): void {
  const taken = Object.keys(identity).filter((name) => Object.hasOwn(own, name));
  if (taken.length > 0) {
    throw new Error(
      `Cannot train ${stage}: parameters must have names that the engine does not use for its own, such as ${
        taken.join(", ")
      }`,
    );
  }
}

interface CarryOutOptions extends TrainPlanOptions {
  study: PreparedStudy;
}

async function carryOut(
  plan: TrainingPlan,
  recorder: StageRecorder,
  options: CarryOutOptions,
): Promise<void> {
  const { study, stage, seed, steps, learningRate, workers = 1 } = options;
  const { validateEvery, warmupSteps, foregroundShare } = study.training;
  const networks = new Map<string, Learner>();
  let objective: Objective | undefined;
  const pool = typeof workers === "number" ? createPatchWorkers({ workers }) : workers;
  try {
    addNetworks(networks, plan, options);
    const length = Math.round(options.rampUp * steps);
    objective = await plan.objective({
      seed,
      ramp: (step, { rest = 0, shape } = {}) =>
        rampUp(step, { start: Math.round(rest * steps), length, shape }),
      random: (step, purpose) => createRandom(seed, stage, step, purpose),
    });
    await train(networks, {
      stage,
      steps,
      learningRate,
      warmupSteps,
      validateEvery,
      objective,
      foregroundShare,
      recorder,
      streams: Object.keys(plan.streams),
      openStream: (name, firstStep) => openStream(name, { ...options, plan, firstStep, workers: pool }),
      validated: validatedNames(plan),
      validate: async (learner, onCase) => {
        const scores = await validationScores(learner, {
          cases: plan.networks[learner.name]!.validation!,
          window: study.patch,
          signal: recorder.signal,
          onCase,
        });
        const names = namesOfLabels(study);
        const dice = [...scores].map(([label, all]) => [names.get(label)!, meanOf(all)]);
        return { dice: Object.fromEntries(dice), scores };
      },
      work: stageWork(plan, { ...study.training, steps, window: study.patch }),
      checkpointSeconds: options.checkpointSeconds,
    });
    requireTrained([...networks.values()], stage);
    const kept = validatedNames(plan).map((name) => networks.get(name)!);
    const result = withMemory({
      tensors: Object.fromEntries(
        kept.flatMap(({ name, best }) =>
          Object.entries(best.weights).map(([key, tensor]) => [`${name}/${key}`, tensor.clone()])
        ),
      ),
      meta: {
        models: Object.fromEntries(kept.map(({ name, best: { score, step } }) => [name, { score, step }])),
      },
    }, objective);
    await recorder.save("result", result).finally(() => tf.dispose(result.tensors));
    await recorder.finish(trainingPasses(plan, { ...study.training, steps }));
  } finally {
    if (pool !== workers) pool.close();
    for (const learner of networks.values()) disposeLearner(learner);
    objective?.memory?.dispose?.();
  }
}

/** Of the scores that there are; NaN of none. */
function meanOf(scores: readonly number[]): number {
  const known = scores.filter((score) => !Number.isNaN(score));
  return known.reduce((a, b) => a + b, 0) / known.length;
}

/** Those whose checkpoint is selected, and kept. */
function validatedNames({ networks }: TrainingPlan): string[] {
  return Object.keys(networks).filter((name) => networks[name]!.validation !== undefined);
}

/** One by one: where one cannot be made, the caller disposes those before it. */
function addNetworks(
  networks: Map<string, Learner>,
  plan: TrainingPlan,
  { study, seed }: CarryOutOptions,
): void {
  for (const [name, network] of Object.entries(plan.networks)) {
    const { seed: own = 0, from } = startOf(network, plan);
    const form = formOf(network, { plan, study });
    const { role, organs, validation } = network;
    // Averages are what is validated and kept; of a network that is neither nobody would see one.
    const averagedWeights = validation && study.training.averagedWeights;
    const projectionOf = network.projectionOf === undefined ? undefined : networks.get(network.projectionOf)!;
    networks.set(
      name,
      createLearner(name, organs, { ...form, seed: seed + own, role, from, averagedWeights, projectionOf }),
    );
  }
}

/** -Infinity, where no validation case shows an organ, becomes null in JSON. */
interface Selected {
  score: number | null;
  step: number;
}

async function restoreStage(
  plan: TrainingPlan,
  recorder: StageRecorder,
  { study, seed }: { study: PreparedStudy; seed: number },
): Promise<TrainedStage> {
  const state = (await recorder.restore("result"))!;
  // Another machine may have trained them.
  const { precision } = predictionPrecision(study.network.precision);
  const selected = state.meta.models as Record<string, Selected>;
  const models: TrainedModel[] = [];
  try {
    for (const name of validatedNames(plan)) {
      const network = plan.networks[name]!, { organs, joint } = network;
      const form = formOf(network, { plan, study });
      const model = createUnet({ ...form, precision, classes: organs.length + 1, seed });
      const { score, step } = selected[name]!;
      models.push({ name, organs, joint, model, validationDice: score ?? -Infinity, step });
      restoreWeights(model, tensorsOf(name, state));
    }
  } catch (error) {
    for (const { model } of models) model.dispose();
    throw error;
  } finally {
    tf.dispose(state.tensors);
  }
  return { models, memory: memoryOf(state).meta };
}

/** The tensors of a network among a stage's, without its name. */
function tensorsOf(name: string, { tensors }: StageState): StageState["tensors"] {
  const own = Object.entries(tensors).filter(([key]) => key.startsWith(`${name}/`));
  return Object.fromEntries(own.map(([key, tensor]) => [key.slice(name.length + 1), tensor]));
}

/**
 * The loop that all stages share: steps, validation, checkpoints, and an end that can be resumed.
 *
 * @module
 */
import type { PatchStream } from "../data/patches/patch_stream.ts";
import { tf } from "../tensors/tf.ts";
import { eventLoopTurn } from "../inference/event_loop.ts";
import { keepBest, type Learner, learnersState, loadLearners, untaught } from "./learner.ts";
import { learningRateAt } from "./learning_rate.ts";
import type { Objective, ValidationScores } from "./plan.ts";
import type { StageRecorder } from "./recorder.ts";
import type { StageState } from "./stage_state.ts";
import { createTrainingLog, type TrainingLogState } from "./training_log.ts";
import { createTrainingProgress } from "./training_progress.ts";
import { trainStep, type TrainStepOptions } from "./train_step.ts";
import type { Work } from "./work.ts";

export interface TrainingOptions {
  /** Name in history.csv. */
  stage: string;
  steps: number;
  /** Peak rate, reached after the warm-up. */
  learningRate: number;
  warmupSteps: number;
  /** Steps between two validations of each network; the last step is always followed by one. */
  validateEvery: number;
  /** Names of the streams. */
  streams: readonly string[];
  /** Batches of a stream from a step on. */
  openStream: (stream: string, firstStep: number) => PatchStream;
  objective: Objective;
  /** Of the batches' losses. @default none */
  foregroundShare?: number | undefined;
  /** Names of the networks that are validated. */
  validated: readonly string[];
  /** The network on its validation cases. Calls back after every case. */
  validate: (learner: Learner, onCase: () => void) => Promise<Validated>;
  recorder: StageRecorder;
  /** Of the stage, for whoever is watching. @default the steps alone */
  work?: readonly Work[] | undefined;
  /** Seconds between checkpoints. @default 60 */
  checkpointSeconds?: number | undefined;
}

/** How a network did on its validation cases. */
export interface Validated {
  /** By organ name, the mean over cases (NaN: nowhere to be seen); the mean over organs selects the checkpoint. */
  dice: Readonly<Record<string, number>>;
  scores: ValidationScores;
}

const LOG_EVERY = 10;

/**
 * Trains the networks together and leaves each with the weights that validated best.
 *
 * A stop (signal) finishes the step and saves the state first; within a validation it saves which networks are still to be
 * validated. A later call with the same recorder goes on from there, and ends with the same bits as a call that was
 * never stopped.
 *
 * @throws Error naming step, network and term when a loss is not finite
 * @throws DOMException "AbortError" when stopped
 */
export async function train(
  networks: ReadonlyMap<string, Learner>,
  options: TrainingOptions,
): Promise<void> {
  const { recorder, steps, validateEvery, objective, foregroundShare } = options;
  const learners = [...networks.values()];
  const validated = options.validated.map((name) => networks.get(name)!);
  const log = createTrainingLog(options);
  const progress = createTrainingProgress({ ...options, work: options.work ?? [] });
  const rateOf = (step: number) =>
    learningRateAt(step, { steps, peak: options.learningRate, warmup: options.warmupSteps });
  const onTerm: TrainStepOptions["onTerm"] = (term) => {
    log.add(term);
    progress.add(term);
  };
  let seconds = 0, firstStep = 0, next: number | undefined;
  // A plan may teach networks one after the other: before the end it is a warning, and an error only then.
  const early = Math.max(validateEvery, Math.ceil(steps / 10));
  const saved = await recorder.restore("training");
  if (saved) {
    const loop = saved.meta.loop as LoopState;
    loadLearners(learners, saved);
    objective.memory?.load(memoryOf(saved));
    tf.dispose(saved.tensors);
    log.load(loop.log);
    ({ step: firstStep, seconds, validated: next } = loop);
  }
  const streams = new Map(options.streams.map((name) => [name, options.openStream(name, firstStep)]));
  let lastSave = performance.now(), before = performance.now();
  const save = async (step: number, validated?: number) => {
    const state = withMemory(learnersState(learners), objective);
    const part = validated === undefined ? {} : { validated };
    const loop: LoopState = { step, seconds, ...part, log: log.save() };
    state.meta.loop = loop;
    await recorder.save("training", state).finally(() => tf.dispose(state.tensors));
    lastSave = performance.now();
  };
  const validateFrom = async (first: number, step: number) => {
    const round = progress.beginRound(step);
    for (const [index, learner] of validated.entries()) {
      if (index < first) continue;
      round.begin(learner);
      try {
        const at = { step, learningRate: rateOf(step - 1), seconds };
        const dice = await validateLearner(learner, { ...options, at, onCase: () => round.next(learner) });
        round.end(learner, dice);
      } catch (error) {
        if (recorder.signal.aborted) await save(step, index);
        throw error;
      }
    }
    round.finish();
  };
  try {
    if (next !== undefined) await validateFrom(next, firstStep);
    before = performance.now();
    if (firstStep < steps) progress.begin(firstStep);
    for (let step = firstStep; step < steps; step++) {
      const learningRate = rateOf(step);
      const done = step + 1, logged = done % LOG_EVERY === 0 || done === steps;
      const draw = batchesOf(streams);
      const how = { learningRate, foregroundShare, measureTerms: logged };
      await trainStep(networks, { draw, objective, step, onTerm, ...how });
      await eventLoopTurn();
      const now = performance.now();
      [seconds, before] = [seconds + (now - before) / 1000, now];
      if (logged) log.write({ step: done, learningRate, seconds });
      progress.step(done, done < early ? "" : untaught(learners));
      if (done % validateEvery === 0 || done === steps) await validateFrom(0, done);
      const overdue = now - lastSave > (options.checkpointSeconds ?? 60) * 1000;
      if (done === steps || overdue || recorder.signal.aborted) await save(done);
      recorder.signal.throwIfAborted();
    }
  } finally {
    for (const stream of streams.values()) stream.close();
  }
}

/**
 * A step's batch of each stream. Batch k belongs to step k: a round that draws a stream again has the same batch, and the batch
 * of a stream that no round draws is passed over.
 */
function batchesOf(streams: ReadonlyMap<string, PatchStream>): TrainStepOptions["draw"] {
  const batches = new Map([...streams].map(([name, stream]) => [name, stream.next()]));
  // A failure is told to the round that draws the batch.
  for (const batch of batches.values()) batch.catch(() => {});
  return async (name) => {
    const batch = batches.get(name);
    if (!batch) {
      throw new Error(
        `Cannot train: a round must draw one of ${[...streams.keys()].join(", ")}, current stream is ${name}`,
      );
    }
    return await batch;
  };
}

/** Before the names of its tensors: no network's begin with it. */
const MEMORY = "/memory/";

/** The networks' state with what the objective remembers. */
export function withMemory({ tensors, meta }: StageState, { memory }: Objective): StageState {
  const own = memory?.save() ?? { tensors: {}, meta: {} };
  const named = Object.entries(own.tensors).map(([name, tensor]) => [MEMORY + name, tensor]);
  return { tensors: { ...tensors, ...Object.fromEntries(named) }, meta: { ...meta, memory: own.meta } };
}

/** What the objective remembered; the tensors are the state's. */
export function memoryOf({ tensors, meta }: StageState): StageState {
  const named = Object.entries(tensors).filter(([name]) => name.startsWith(MEMORY));
  return {
    tensors: Object.fromEntries(named.map(([name, tensor]) => [name.slice(MEMORY.length), tensor])),
    meta: (meta.memory ?? {}) as StageState["meta"],
  };
}

/** Of the loop between two calls, as JSON. */
interface LoopState {
  /** Steps done. */
  step: number;
  seconds: number;
  /** A stop fell into the validation after the step: so many networks had been validated. */
  validated?: number;
  log: TrainingLogState;
}

interface ValidateOptions extends TrainingOptions {
  at: { step: number; learningRate: number; seconds: number };
  onCase: () => void;
}

/** Logs the model's Dice, keeps its weights if they are its best, tells the objective, and answers the mean. */
async function validateLearner(learner: Learner, options: ValidateOptions): Promise<number> {
  const work = async () => {
    const { dice, scores } = await options.validate(learner, options.onCase);
    const known = Object.values(dice).filter((value) => !Number.isNaN(value));
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    keepBest(learner, mean, options.at.step);
    return { dice, scores, mean };
  };
  const { dice, scores, mean } = await (learner.average ? learner.average.during(work) : work());
  const { recorder, stage, objective, at } = options;
  objective.validated?.(learner.name, scores);
  const terms = Object.fromEntries(
    Object.entries(dice).map(([organ, value]) => [`validation_dice/${organ}`, value]),
  );
  recorder.log({ stage, model: learner.name, ...at, terms: { validation_dice: mean, ...terms } });
  return mean;
}

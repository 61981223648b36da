/**
 * The loop that both stages share: steps, validation, checkpoints, and an end that can be resumed.
 *
 * @module
 */
import type { PatchStream } from "../data/patches/patch_stream.ts";
import { tf } from "../tensors/tf.ts";
import type { BatchLoss, Visitor } from "./batch_gradients.ts";
import { eventLoopTurn } from "../inference/event_loop.ts";
import { keepBest, type Learner, learnersState, loadLearners } from "./learner.ts";
import { learningRateAt } from "./learning_rate.ts";
import type { StageRecorder } from "./recorder.ts";
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
  /** Steps between two validations of each model; the last step is always followed by one. */
  validateEvery: number;
  /** Batches of dataset j from a step on. */
  openStream: (dataset: number, firstStep: number) => PatchStream;
  datasets: number;
  /** Who looks at dataset j's batch in a step. */
  visitors: (dataset: number, step: number) => Visitor[];
  loss: BatchLoss;
  /**
   * Dice by organ name on the validation cases (NaN: nowhere to be seen); their mean selects the checkpoint. Calls back
   * after every case.
   */
  validate: (learner: Learner, onCase: () => void) => Promise<Record<string, number>>;
  /** State of the loss that a resumption needs (the teachers' moving averages). */
  lossState?: { save(): unknown; load(state: unknown): void };
  recorder: StageRecorder;
  /** Of the stage, for whoever is watching. @default the steps alone */
  work?: readonly Work[];
  /** Seconds between checkpoints. @default 60 */
  checkpointSeconds?: number;
}

const LOG_EVERY = 10;

/**
 * Trains the learners together and leaves each with the weights that validated best.
 *
 * A stop (signal) finishes the step and saves the state first; within a validation it saves which models are still to be
 * validated. A later call with the same recorder goes on from there, and ends with the same bits as a call that was
 * never stopped.
 *
 * @throws Error naming step, model and term when a loss is not finite
 * @throws DOMException "AbortError" when stopped
 */
export async function train(learners: readonly Learner[], options: TrainingOptions): Promise<void> {
  const { recorder, steps, validateEvery } = options;
  const log = createTrainingLog(options);
  const progress = createTrainingProgress({ ...options, work: options.work ?? [] });
  const rateOf = (step: number) =>
    learningRateAt(step, { steps, peak: options.learningRate, warmup: options.warmupSteps });
  const onTerm: TrainStepOptions["onTerm"] = (term) => {
    log.add(term);
    progress.add(term);
  };
  let seconds = 0, firstStep = 0, validated: number | undefined;
  const saved = await recorder.restore("training");
  if (saved) {
    const loop = saved.meta.loop as LoopState;
    loadLearners(learners, saved);
    options.lossState?.load(loop.loss);
    log.load(loop.log);
    ({ step: firstStep, seconds, validated } = loop);
  }
  const streams = Array.from({ length: options.datasets }, (_, j) => options.openStream(j, firstStep));
  let lastSave = performance.now(), before = performance.now();
  const save = async (step: number, validated?: number) => {
    const state = learnersState(learners);
    const loop: LoopState = { step, seconds, validated, loss: options.lossState?.save(), log: log.save() };
    state.meta.loop = loop;
    await recorder.save("training", state);
    tf.dispose(state.tensors);
    lastSave = performance.now();
  };
  const validateFrom = async (first: number, step: number) => {
    const round = progress.beginRound(step);
    for (const [index, learner] of learners.entries()) {
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
    if (validated !== undefined) await validateFrom(validated, firstStep);
    before = performance.now();
    if (firstStep < steps) progress.begin(firstStep);
    for (let step = firstStep; step < steps; step++) {
      const learningRate = rateOf(step);
      await trainStep(learners, { ...options, streams, step, learningRate, onTerm });
      await eventLoopTurn();
      const now = performance.now();
      [seconds, before] = [seconds + (now - before) / 1000, now];
      const done = step + 1;
      if (done % LOG_EVERY === 0 || done === steps) log.write({ step: done, learningRate, seconds });
      progress.step(done);
      if (done % validateEvery === 0 || done === steps) await validateFrom(0, done);
      const overdue = now - lastSave > (options.checkpointSeconds ?? 60) * 1000;
      if (done === steps || overdue || recorder.signal.aborted) await save(done);
      recorder.signal.throwIfAborted();
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.close()));
  }
}

/** Of the loop between two calls, as JSON. */
interface LoopState {
  /** Steps done. */
  step: number;
  seconds: number;
  /** A stop fell into the validation after the step: so many models had been validated. */
  validated?: number;
  loss: unknown;
  log: TrainingLogState;
}

interface ValidateOptions extends TrainingOptions {
  at: { step: number; learningRate: number; seconds: number };
  onCase: () => void;
}

/** Logs the model's Dice, keeps its weights if they are its best, and answers the mean. */
async function validateLearner(
  learner: Learner,
  { validate, recorder, stage, at, onCase }: ValidateOptions,
): Promise<number> {
  const dice = await validate(learner, onCase);
  const known = Object.values(dice).filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  keepBest(learner, mean, at.step);
  const terms = Object.fromEntries(
    Object.entries(dice).map(([organ, value]) => [`validation_dice/${organ}`, value]),
  );
  recorder.log({ stage, model: learner.name, ...at, terms: { validation_dice: mean, ...terms } });
  return mean;
}

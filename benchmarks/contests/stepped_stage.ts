/**
 * A stage in training that takes one step when it is told to. The stage is the real one, loop and all; only its patches
 * wait until the step may begin.
 *
 * @module
 */
import type { BatchOptions } from "../../lib/data/patches/make_batch.ts";
import type { PatchBatch } from "../../lib/data/patches/patch_batch.ts";
import type { PatchWorkers } from "../../lib/data/patches/patch_workers.ts";
import type { StoredCase } from "../../lib/data/store/stored_case.ts";
import type { Recorder, StageRecorder } from "../../lib/training/recorder.ts";
import type { TrainMethodStageOptions } from "../../lib/methods/definition/train_stage.ts";

export interface SteppedStage {
  /** Takes one step; returns its seconds. */
  step(): Promise<number>;
  /** Ends the training. */
  close(): Promise<void>;
}

/** Steps that are more than anyone takes; nothing is validated or saved between them. */
const STEPS = 1e6;
const SETTINGS = {
  values: { partialOrganSteps: STEPS, fullOrganSteps: STEPS, rampUp: 0 },
  checkpointSeconds: Infinity,
} satisfies TrainMethodStageOptions;

/**
 * @param train calls a stage with this recorder and these settings; mutual terms have their whole weight from the start
 * @param source where patches come from
 */
export async function steppedStage(
  train: (recorder: Recorder, settings: TrainMethodStageOptions) => Promise<unknown>,
  source: PatchWorkers,
): Promise<SteppedStage> {
  const turns = waits(), ready = waits(), ends = waits();
  const stop = new AbortController();
  const workers: PatchWorkers = {
    workers: source.workers,
    open(cases, options) {
      const { make, close } = source.open(cases, options);
      return {
        close,
        async make(step) {
          const batch = await make(step);
          ready.at(step).resolve();
          await turns.at(step).promise;
          return batch;
        },
      };
    },
    close: () => {},
  };
  const stage: StageRecorder = {
    signal: stop.signal,
    finished: false,
    folder: "/nowhere",
    log: () => {},
    progress: ({ step }) => ends.at(step - 1).resolve(),
    save: () => Promise.resolve(),
    restore: () => Promise.resolve(undefined),
    finish: () => Promise.resolve(),
  };
  const recorder = { signal: stop.signal, stage: () => Promise.resolve(stage) };
  const training = train(recorder, { ...SETTINGS, workers });
  training.catch(() => {});
  const orFailed = (promise: Promise<void>) => Promise.race([promise, training]);
  let next = 0;
  await orFailed(ready.at(0).promise);
  return {
    async step() {
      const start = performance.now();
      turns.at(next).resolve();
      await orFailed(ends.at(next++).promise);
      return (performance.now() - start) / 1000;
    },
    async close() {
      const reason = new DOMException("Closed", "AbortError");
      turns.at(next).reject(reason);
      await training.catch((error) => {
        if (error !== reason) throw error;
      });
      source.close();
    },
  };
}

/** One promise a step, made when it is first asked for. */
function waits() {
  const all: PromiseWithResolvers<void>[] = [];
  return { at: (step: number) => all[step] ??= Promise.withResolvers<void>() };
}

/** Patches that are made once: every batch of a dataset is the same. */
export function cachedPatches(
  makeOne: (cases: readonly StoredCase[], options: BatchOptions) => Promise<PatchBatch> | PatchBatch,
): PatchWorkers {
  return {
    workers: 1,
    open(cases, options) {
      const batch = Promise.resolve(makeOne(cases, options));
      return { make: () => batch, close: () => {} };
    },
    close: () => {},
  };
}

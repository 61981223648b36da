/**
 * What a training stage writes to. Stages know no run folder, no notebook and no terminal: `runs/` implements
 * this on disk, tests implement it in memory.
 *
 * @module
 */
import type { StageState } from "./stage_state.ts";
import type { Work } from "./work.ts";

/** One row of history.csv. */
export interface HistoryRow {
  stage: string;
  model: string;
  step: number;
  /** Loss terms and scores by name, such as `own`, `prediction_difference`, `validation_dice`. */
  terms: Record<string, number>;
  learningRate: number;
  /** Seconds of training since the stage began, over all its resumptions. */
  seconds: number;
}

/** Where a stage is, for whoever is watching. */
export interface Progress {
  stage: string;
  /** Optimiser steps, or cases, that are done. */
  step: number;
  steps: number;
  /** What `step` counts. @default "step" */
  unit?: "case";
  /** What goes on, such as `validating A 3/9`. @default the next step */
  activity?: string;
  /** A term of the loss, smoothed over steps and models. */
  loss?: { name: string; value: number };
  /** Mean Dice of the models at their last validation, and at each one's best. */
  dice?: { last: number; best: number };
  /** Of the whole stage, with what is done. @default the steps alone */
  work?: readonly Work[];
}

export interface StageRecorder {
  /** The run is asked to stop: finish the step, save, throw. */
  readonly signal: AbortSignal;
  /** True when a stage with the same inputs was finished before: `restore("result")` has what it made. */
  readonly finished: boolean;
  log(row: HistoryRow): void;
  progress(progress: Progress): void;
  /** Replaces what was saved under the name, atomically, with everything logged so far. */
  save(name: string, state: StageState): Promise<void>;
  /** What was last saved, or undefined. The caller disposes the tensors. */
  restore(name: string): Promise<StageState | undefined>;
  /** A folder of the stage for files of its own (completed label maps). */
  readonly folder: string;
  /**
   * Marks the stage as finished; its result must have been saved.
   *
   * @param passes of training, as `trainingPasses` counts them. @default 0
   */
  finish(passes?: number): Promise<void>;
}

export interface Recorder {
  readonly signal: AbortSignal;
  /**
   * Begins, resumes or finds a stage. Its identity is its name and the inputs (JSON): an equal stage that is
   * finished is never computed again, whichever arm computed it.
   */
  stage(name: string, inputs: unknown): Promise<StageRecorder>;
}

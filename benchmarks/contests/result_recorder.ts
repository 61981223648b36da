/**
 * A recorder that keeps a stage's result in memory, and nothing else.
 *
 * @module
 */
import type { Recorder, StageRecorder } from "../../lib/training/recorder.ts";

export interface ResultRecorderOptions {
  /** Ends the stage. @default nothing does */
  signal?: AbortSignal;
  /** Told each step, once. */
  onStep?: (step: number) => void;
}

/** @returns a recorder of one stage; its caller disposes what `restore` gives, as everywhere */
export function resultRecorder(
  { signal = new AbortController().signal, onStep }: ResultRecorderOptions = {},
): Recorder {
  let result: Awaited<ReturnType<StageRecorder["restore"]>>;
  let told = 0;
  const stage: StageRecorder = {
    signal,
    finished: false,
    folder: "/nowhere",
    log: () => {},
    progress({ step }) {
      // A step is told of again when its models are validated.
      if (step <= told) return;
      told = step;
      onStep?.(step);
    },
    save(name, { tensors, meta }) {
      if (name === "result") {
        const copies = Object.entries(tensors).map(([key, tensor]) => [key, tensor.clone()]);
        result = { tensors: Object.fromEntries(copies), meta: JSON.parse(JSON.stringify(meta)) };
      }
      return Promise.resolve();
    },
    restore: (name) => Promise.resolve(name === "result" ? result : undefined),
    finish: () => Promise.resolve(),
  };
  return { signal, stage: () => Promise.resolve(stage) };
}

/**
 * A Recorder in memory, for tests of stages. As on disk: tensors and rows are copies from the moment of a save, and
 * what was logged after the last save is lost when the stage is begun again.
 */
import { createHash } from "node:crypto";
import { join } from "@std/path";
import type { HistoryRow, Progress, Recorder, StageRecorder } from "../../../lib/training/recorder.ts";
import type { StageState } from "../../../lib/training/stage_state.ts";

export interface MemoryRecorder extends Recorder {
  /** Everything logged, of all stages, in the order they were begun. */
  readonly history: HistoryRow[];
  /** The stages begun, with what identifies them. */
  readonly stages: { name: string; inputs: Record<string, unknown>; finished: boolean }[];
  /** Aborts the signal. */
  stop(): void;
  /** A new signal, as a new process has. */
  restart(): void;
  /** Disposes all that was saved. */
  dispose(): void;
}

export interface MemoryRecorderOptions {
  /** Folder of the folders for files of the stages' own. @default a folder that does not exist */
  folder?: string;
  /** Called at every progress of a stage; may stop the recorder, or throw as a crash does. @default nothing */
  onProgress?: (progress: Progress) => void;
}

interface MemoryStage {
  name: string;
  inputs: Record<string, unknown>;
  folder: string;
  saved: Map<string, StageState>;
  rows: HistoryRow[];
  savedRows: number;
  finished: boolean;
}

export function memoryRecorder(options: MemoryRecorderOptions = {}): MemoryRecorder {
  const { folder = "/nowhere", onProgress = () => {} } = options;
  let controller = new AbortController();
  const stages = new Map<string, MemoryStage>();
  return {
    get signal() {
      return controller.signal;
    },
    get history() {
      return [...stages.values()].flatMap(({ rows }) => rows);
    },
    get stages() {
      return [...stages.values()].map(({ name, inputs, finished }) => ({ name, inputs, finished }));
    },
    stop: () => controller.abort(new DOMException("Stopped", "AbortError")),
    restart: () => void (controller = new AbortController()),
    dispose() {
      for (const { saved } of stages.values()) for (const state of saved.values()) disposeState(state);
      stages.clear();
    },
    stage(name, inputs): Promise<StageRecorder> {
      const key = JSON.stringify([name, inputs]);
      const stage = stages.get(key) ?? {
        name,
        inputs: JSON.parse(JSON.stringify(inputs)),
        folder: join(folder, createHash("sha256").update(key).digest("hex").slice(0, 16)),
        saved: new Map<string, StageState>(),
        rows: [],
        savedRows: 0,
        finished: false,
      };
      stages.set(key, stage);
      stage.rows.length = stage.savedRows;
      return Promise.resolve(stageRecorder(stage, { onProgress, signal: controller.signal }));
    },
  };
}

function stageRecorder(
  stage: MemoryStage,
  options: Required<Pick<MemoryRecorderOptions, "onProgress">> & { signal: AbortSignal },
): StageRecorder {
  const { saved } = stage;
  return {
    signal: options.signal,
    folder: stage.folder,
    get finished() {
      return stage.finished;
    },
    log: (row) => void stage.rows.push(row),
    progress: options.onProgress,
    save(name, state) {
      const before = saved.get(name);
      saved.set(name, copy(state));
      if (before) disposeState(before);
      stage.savedRows = stage.rows.length;
      return Promise.resolve();
    },
    restore(name) {
      const state = saved.get(name);
      return Promise.resolve(state && copy(state));
    },
    finish() {
      stage.finished = true;
      stage.savedRows = stage.rows.length;
      const result = saved.get("result");
      for (const [name, state] of saved) if (name !== "result") disposeState(state);
      saved.clear();
      if (result) saved.set("result", result);
      return Promise.resolve();
    },
  };
}

function copy({ tensors, meta }: StageState): StageState {
  const clones = Object.entries(tensors).map(([name, tensor]) => [name, tensor.clone()] as const);
  return { tensors: Object.fromEntries(clones), meta: JSON.parse(JSON.stringify(meta)) };
}

function disposeState({ tensors }: StageState): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}

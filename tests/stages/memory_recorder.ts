/** A Recorder in memory, for tests of stages. Tensors are cloned on save and on restore, as a disk would. */
import type { HistoryRow, Recorder, StageRecorder, StageState } from "../../lib/stages/recorder.ts";

export interface MemoryRecorder extends Recorder {
  /** Everything logged, of all stages. */
  readonly history: HistoryRow[];
  /** Aborts the signal. */
  stop(): void;
  /** Disposes all that was saved. */
  dispose(): void;
}

export interface MemoryRecorderOptions {
  /** Folder for files of the stages' own. @default a folder that does not exist */
  folder?: string;
}

export function memoryRecorder({ folder = "/nowhere" }: MemoryRecorderOptions = {}): MemoryRecorder {
  const controller = new AbortController();
  const history: HistoryRow[] = [];
  const stages = new Map<string, { saved: Map<string, StageState>; finished: boolean }>();
  return {
    signal: controller.signal,
    history,
    stop: () => controller.abort(new Error("Stopped")),
    dispose() {
      for (const { saved } of stages.values()) for (const state of saved.values()) disposeState(state);
      stages.clear();
    },
    stage(name, inputs): Promise<StageRecorder> {
      const key = JSON.stringify([name, inputs]);
      const stage = stages.get(key) ?? { saved: new Map<string, StageState>(), finished: false };
      stages.set(key, stage);
      return Promise.resolve({
        signal: controller.signal,
        folder,
        get finished() {
          return stage.finished;
        },
        log: (row) => void history.push(row),
        progress: () => {},
        save(name, state) {
          const before = stage.saved.get(name);
          stage.saved.set(name, copy(state));
          if (before) disposeState(before);
          return Promise.resolve();
        },
        restore(name) {
          const state = stage.saved.get(name);
          return Promise.resolve(state && copy(state));
        },
        finish() {
          stage.finished = true;
          return Promise.resolve();
        },
      });
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

/**
 * Finished stages, kept by the hash of what went into them and shared by arms.
 *
 *     stages/<hash>/   lock · saved.json and saved/ · files/ (the stage's own) · once finished: history.csv, stage.json
 *
 * A stage's folder keeps its name all its life, so paths into `files/` stay true; `stage.json`, written last, is what
 * makes it finished.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import type { HistoryRow, StageRecorder } from "../../training/recorder.ts";
import { contentHash } from "../../files/content_hash.ts";
import { historyToCsv, readHistoryFile } from "../tables/history.ts";
import { type FileLock, waitForLock } from "../../files/file_lock.ts";
import { isSaved, openSavedStates, type StateStorage } from "./saved_states.ts";
import type { Watcher } from "../progress/watchers.ts";
import { readTextIfThere, writeJson, writeWholeFile } from "../../files/whole_file.ts";

const schema = z.object({
  name: z.string(),
  inputs: z.unknown(),
  seconds: z.number(),
  /** The run that computed it, such as `phantom/mutual/default/v001`. */
  computedBy: z.string(),
  finished: z.string(),
});

export type StageRecord = z.infer<typeof schema>;

/** The name under which a stage saves what it made. All other states are removed when it is finished. */
const result = "result";

/** What tells a stage from others of its name, and where they are. */
export interface StageIdentity {
  /** The folder of all stages. */
  root: string;
  /** Everything that decides what it computes, versions too. */
  inputs: unknown;
  /** The run that must compute it anew, whatever others have. @default any run's result is good */
  fresh?: string;
}

export interface StageOptions extends StageIdentity {
  storage: StateStorage;
  /** Name of the run that asks. */
  run: string;
  signal: AbortSignal;
  watcher: Pick<Watcher, "note" | "progress" | "end">;
  /** Called after every save and at the finish. */
  onSaved: () => Promise<void>;
}

export interface Stage extends StageRecorder {
  readonly name: string;
  readonly hash: string;
  /** Computed by another run. */
  readonly reused: boolean;
  /** The run that computed it, or does. */
  readonly computedBy: string;
  /** Seconds it took, over all its resumptions, up to the last state saved. */
  readonly seconds: number;
  readonly history: readonly HistoryRow[];
  release(): void;
}

/** Where a stage lies, by its hash. */
export async function placeOf(
  name: string,
  { root, inputs, fresh }: StageIdentity,
): Promise<{ hash: string; folder: string }> {
  const hash = (await contentHash({ name, inputs, fresh })).slice(0, 16);
  return { hash, folder: join(root, hash) };
}

/** Whether the result of a stage is there to be restored. */
export async function isKept(folder: string): Promise<boolean> {
  return await readStageRecord(folder) !== undefined && await isSaved(folder, result);
}

/**
 * Begins, resumes or finds a stage. While another process computes the same stage, it waits for that one's result.
 *
 * @throws the signal's reason when the wait is ended
 */
export async function openStage(name: string, options: StageOptions): Promise<Stage> {
  const { inputs, storage, signal, watcher } = options;
  const { hash, folder } = await placeOf(name, options);
  const files = join(folder, "files");
  await Deno.mkdir(files, { recursive: true });
  let done = await readStageRecord(folder);
  let lock: FileLock | undefined;
  if (!done) {
    const wait = () => watcher.note(`${name}: another run computes the same stage; waiting for its result`);
    lock = await waitForLock(join(folder, "lock"), { signal, onWait: wait });
    done = await readStageRecord(folder);
    if (done) lock.release();
  }
  const saved = await openSavedStates(folder, storage);
  if (!done) await saved.prune();
  const historyFile = join(folder, "history.csv");
  let history: HistoryRow[] = done ? await readHistoryFile(historyFile) : [];
  const begun = performance.now();
  const earlier = saved.seconds;
  const seconds = () => earlier + (performance.now() - begun) / 1000;

  function mustHold(): void {
    if (!lock?.held) {
      throw new Error(`Cannot save stage ${name}: it is finished or was begun again (${folder})`);
    }
  }
  return {
    name,
    hash,
    signal,
    folder: files,
    get finished() {
      return done !== undefined;
    },
    get reused() {
      return done !== undefined && done.computedBy !== options.run;
    },
    get computedBy() {
      return done?.computedBy ?? options.run;
    },
    get seconds() {
      return done?.seconds ?? saved.seconds;
    },
    get history() {
      return history;
    },
    log: (row) => void history.push(row),
    progress: (progress) => watcher.progress(progress, history),
    async save(name, state) {
      mustHold();
      await saved.save(name, state, { history, seconds: seconds() });
      await options.onSaved();
    },
    async restore(name) {
      const found = await saved.restore(name);
      // Rows logged after the state was saved belong to steps that will be repeated.
      if (found && !done && found.history.length > history.length) history = found.history;
      return found?.state;
    },
    async finish() {
      mustHold();
      if (!saved.has(result)) {
        throw new Error(`Cannot finish stage ${name}: no state "${result}" was saved (${folder})`);
      }
      await writeWholeFile(historyFile, historyToCsv(history));
      done = {
        name,
        inputs,
        seconds: seconds(),
        computedBy: options.run,
        finished: new Date().toISOString(),
      };
      await writeJson(join(folder, "stage.json"), done);
      await saved.prune([result]);
      lock!.release();
      await options.onSaved();
      await watcher.end({ name, history, seconds: done.seconds });
    },
    release: () => lock?.release(),
  };
}

/** What is recorded of a finished stage; undefined of one that is not. */
export async function readStageRecord(folder: string): Promise<StageRecord | undefined> {
  const text = await readTextIfThere(join(folder, "stage.json"));
  return text === undefined ? undefined : schema.parse(JSON.parse(text));
}

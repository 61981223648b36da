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
import type { HistoryRow, StageRecorder } from "../../training/recorder.ts";
import { contentHash } from "../../files/content_hash.ts";
import { historyToCsv } from "../tables/history.ts";
import { type FileLock, waitForLock } from "../../files/file_lock.ts";
import { hashFiles, readFinished, result, setStageAside } from "./finished_stage.ts";
import { openSavedStates, type StateStorage } from "./saved_states.ts";
import type { Watcher } from "../progress/watchers.ts";
import { writeSealed } from "../../files/seal.ts";
import { writeWholeFile } from "../../files/whole_file.ts";

/** What tells a stage from others of its name, and where they are. */
export interface StageIdentity {
  /** The folder of all stages. */
  root: string;
  /** Everything that decides what it computes, versions too. */
  inputs: unknown;
  /** The run that must compute it anew, whatever others have. @default any run's result is good */
  fresh?: string | undefined;
}

export interface OpenStageOptions extends StageIdentity {
  storage: StateStorage;
  /** Name of the run that asks. */
  run: string;
  signal: AbortSignal;
  watcher: Pick<Watcher, "note" | "progress" | "end">;
  /**
   * Called when something that was saved cannot be read, before it is set aside and computed anew.
   *
   * @param reason the error's message
   */
  onDamaged: (reason: string) => void;
  /** Called after every save and at the finish. */
  onSaved: () => Promise<void>;
}

export interface OpenStage extends StageRecorder {
  readonly name: string;
  readonly hash: string;
  /** Computed by another run. */
  readonly reused: boolean;
  /** The run that computed it, or does. */
  readonly computedBy: string;
  /** Seconds it took, over all its resumptions, up to the last state saved. */
  readonly seconds: number;
  /** Of training; undefined until it is finished, and of a stage whose record is older than they are. */
  readonly passes: number | undefined;
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

/**
 * Begins, resumes or finds a stage. While another process computes the same stage, it waits for that one's result. What is
 * damaged of a stage is computed anew.
 *
 * @throws the signal's reason when the wait is ended
 */
export async function openStage(name: string, options: OpenStageOptions): Promise<OpenStage> {
  const { inputs, storage, signal, watcher, onDamaged } = options;
  const { hash, folder } = await placeOf(name, options);
  const files = join(folder, "files");
  await Deno.mkdir(files, { recursive: true });
  let damage: string | undefined;
  const look = () =>
    readFinished(folder, storage).catch((error) => {
      damage = (error as Error).message;
      return undefined;
    });
  let found = await look();
  let lock: FileLock | undefined;
  if (!found) {
    const wait = () => watcher.note(`${name}: another run computes the same stage; waiting for its result`);
    lock = await waitForLock(join(folder, "lock"), { signal, onWait: wait });
    damage = undefined;
    found = await look();
    if (found) lock.release();
    else if (damage !== undefined) {
      onDamaged(damage);
      await setStageAside(folder);
    }
  }
  let done = found?.record;
  const saved = await openSavedStates(folder, storage).catch(async (error) => {
    onDamaged((error as Error).message);
    await setStageAside(folder);
    return await openSavedStates(folder, storage);
  });
  if (!done) await saved.prune();
  const historyFile = join(folder, "history.csv");
  let history: HistoryRow[] = found?.history ?? [];
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
    get passes() {
      return done?.passes;
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
      if (found && name === result) {
        const { state } = found;
        found = undefined; // it belongs to the caller now
        return state;
      }
      const restored = await saved.restore(name).catch(async (error) => {
        if (done) throw error;
        onDamaged((error as Error).message);
        await saved.setAside(name);
        return undefined;
      });
      // Rows logged after the state was saved belong to steps that will be repeated.
      if (restored && !done && restored.history.length > history.length) history = restored.history;
      return restored?.state;
    },
    async finish(passes = 0) {
      mustHold();
      if (!saved.has(result)) {
        throw new Error(`Cannot finish stage ${name}: no state "${result}" was saved (${folder})`);
      }
      await writeWholeFile(historyFile, historyToCsv(history));
      done = {
        name,
        inputs,
        seconds: seconds(),
        passes,
        computedBy: options.run,
        finished: new Date().toISOString(),
        files: await hashFiles(folder),
      };
      await writeSealed(join(folder, "stage.json"), done);
      await saved.prune([result]);
      lock!.release();
      await options.onSaved();
      await watcher.end({ name, history, seconds: done.seconds });
    },
    release() {
      lock?.release();
      for (const tensor of Object.values(found?.state.tensors ?? {})) tensor.dispose();
      found = undefined;
    },
  };
}

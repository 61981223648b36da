/**
 * Named states of a stage on disk, each with the history that belongs to it.
 *
 * A state and its history rows are written into a new folder, then ONE small file, `saved.json`, is renamed over the old
 * one and makes them current. Killed anywhere, both are the old ones or both the new ones.
 *
 *     saved.json               {"current": {"checkpoint": 3}, "seconds": 41.5}
 *     saved/checkpoint.3/      state (in the form of the storage), history.csv
 *     saved/checkpoint.2.damaged/   one that could not be loaded, until the stage is finished
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { parseOwnJson } from "../../data/own_json.ts";
import type { HistoryRow } from "../../training/recorder.ts";
import type { StageState } from "../../training/stage_state.ts";
import { historyToCsv, readHistoryFile } from "../tables/history.ts";
import { bytesHash, requireFiles, writeSealed } from "../../files/seal.ts";
import { readTextIfThere, writeWholeFile } from "../../files/whole_file.ts";
import { exists, setAside } from "../../files/whole_folder.ts";

/** How tensors reach the disk: injected, because runs know no TensorFlow. */
export interface StateStorage {
  saveState(path: string, state: StageState): Promise<void>;
  loadState(path: string): Promise<StageState>;
}

const schema = z.object({
  /** Number of the current folder of each name. */
  current: z.record(z.string(), z.number()),
  /** SHA-256 of the history beside each of them. Older files have none. */
  histories: z.record(z.string(), z.string()).optional(),
  /** Seconds of computing that led to the current states. */
  seconds: z.number(),
});

export interface SavedStates {
  readonly seconds: number;
  has(name: string): boolean;
  save(
    name: string,
    state: StageState,
    context: { history: readonly HistoryRow[]; seconds: number },
  ): Promise<void>;
  /** @throws Error when it cannot be loaded */
  restore(name: string): Promise<{ state: StageState; history: HistoryRow[] } | undefined>;
  /** Keeps a state's folder under another name, and forgets the state. */
  setAside(name: string): Promise<void>;
  /** Removes what a killed process left; with names, also all but the named states. */
  prune(names?: readonly string[]): Promise<void>;
}

/** Whether a state of that name is there to be restored. */
export async function isSaved(folder: string, name: string): Promise<boolean> {
  const number = (await readPointer(folder)).current[name];
  return number !== undefined && await exists(join(folder, "saved", `${name}.${number}`));
}

async function readPointer(folder: string): Promise<z.infer<typeof schema>> {
  const path = join(folder, "saved.json");
  const text = await readTextIfThere(path);
  if (text === undefined) return { current: {}, seconds: 0 };
  return parseOwnJson(text, { schema, path, action: "restore a stage" });
}

export async function openSavedStates(folder: string, storage: StateStorage): Promise<SavedStates> {
  const pointer = join(folder, "saved.json");
  let saved = await readPointer(folder);
  const place = (name: string, number: number) => join(folder, "saved", `${name}.${number}`);
  return {
    get seconds() {
      return saved.seconds;
    },
    has: (name) => name in saved.current,
    async save(name, state, { history, seconds }) {
      const number = (saved.current[name] ?? 0) + 1;
      const next = place(name, number);
      await Deno.remove(next, { recursive: true }).catch(() => {});
      await Deno.mkdir(next, { recursive: true });
      await storage.saveState(join(next, "state"), state);
      const text = historyToCsv(history);
      await writeWholeFile(join(next, "history.csv"), text);
      const histories = { ...saved.histories, [name]: bytesHash(text) };
      saved = { current: { ...saved.current, [name]: number }, histories, seconds };
      await writeSealed(pointer, saved);
      await Deno.remove(place(name, number - 1), { recursive: true }).catch(() => {});
    },
    async restore(name) {
      const number = saved.current[name];
      if (number === undefined) return undefined;
      const from = place(name, number), hash = saved.histories?.[name];
      if (hash !== undefined) await requireFiles(from, { "history.csv": hash });
      return {
        state: await storage.loadState(join(from, "state")),
        history: await readHistoryFile(join(from, "history.csv")),
      };
    },
    async setAside(name) {
      const { [name]: number, ...current } = saved.current;
      if (number === undefined) return;
      await setAside(place(name, number));
      saved = { ...saved, current };
      await writeSealed(pointer, saved);
    },
    async prune(names) {
      const kept = Object.entries(saved.current).filter(([name]) => names?.includes(name) ?? true);
      if (kept.length < Object.keys(saved.current).length) {
        saved = { ...saved, current: Object.fromEntries(kept) };
        await writeSealed(pointer, saved);
      }
      const wanted = new Set(kept.map(([name, number]) => `${name}.${number}`));
      for (const entry of await list(join(folder, "saved"))) {
        if (names === undefined && entry.endsWith(".damaged")) continue;
        if (!wanted.has(entry)) await Deno.remove(join(folder, "saved", entry), { recursive: true });
      }
    },
  };
}

async function list(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw cause;
  }
}

/**
 * What a finished stage has left: its record, its history and its result.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { parseOwnJson } from "../../data/own_json.ts";
import { readTextIfThere } from "../../files/whole_file.ts";
import { fileHash, hashesBelow, requireFiles } from "../../files/seal.ts";
import { exists, setAside } from "../../files/whole_folder.ts";
import type { HistoryRow } from "../../training/recorder.ts";
import type { StageState } from "../../training/stage_state.ts";
import { readHistoryFile } from "../tables/history.ts";
import { isSaved, openSavedStates, type StateStorage } from "./saved_states.ts";

const schema = z.object({
  name: z.string(),
  inputs: z.unknown(),
  seconds: z.number(),
  /** Of training, see `trainingPasses`; 0 where nothing was trained. Older records have none. */
  passes: z.number().optional(),
  /** The run that computed it, such as `phantom/mutual/default/v001`. */
  computedBy: z.string(),
  finished: z.string(),
  /** SHA-256 of each of its own files, and of its history, by their paths. Older records have none. */
  files: z.record(z.string(), z.string()).optional(),
});

export type StageRecord = z.infer<typeof schema>;

/** The name under which a stage saves what it made. All other states are removed when it is finished. */
export const result = "result";

/** Whether the result of a stage is there, be it damaged. */
export async function isKept(folder: string): Promise<boolean> {
  return await exists(join(folder, "stage.json")) && await isSaved(folder, result).catch(() => true);
}

/** What is recorded of a finished stage; undefined of one that is not. */
export async function readStageRecord(folder: string): Promise<StageRecord | undefined> {
  const path = join(folder, "stage.json");
  const text = await readTextIfThere(path);
  return text === undefined ? undefined : parseOwnJson(text, { schema, path, action: "restore a stage" });
}

/** A finished stage, read whole. */
export interface FinishedStage {
  record: StageRecord;
  history: HistoryRow[];
  state: StageState;
}

/**
 * Undefined of a stage that is not finished.
 *
 * @throws Error when it is damaged
 */
export async function readFinished(
  folder: string,
  storage: StateStorage,
): Promise<FinishedStage | undefined> {
  const record = await readStageRecord(folder);
  if (!record) return undefined;
  await requireFiles(folder, record.files ?? {});
  const history = await readHistoryFile(join(folder, "history.csv"));
  const found = await (await openSavedStates(folder, storage)).restore(result);
  if (!found) throw new Error(`Cannot restore a stage: its result is missing (${folder})`);
  return { record, history, state: found.state };
}

/** Checksums of a stage's history and of all that it keeps beside its states. */
export async function hashFiles(folder: string): Promise<Record<string, string>> {
  const own = await hashesBelow(join(folder, "files"));
  const files = Object.fromEntries(Object.entries(own).map(([path, hash]) => [join("files", path), hash]));
  return { "history.csv": await fileHash(join(folder, "history.csv")), ...files };
}

/** Everything that was saved, out of the way of a stage that begins anew; it is kept, for what cannot be read may not be lost. */
export async function setStageAside(folder: string): Promise<void> {
  for (const name of ["stage.json", "saved.json", "saved", "files"]) await setAside(join(folder, name));
  await Deno.mkdir(join(folder, "files"), { recursive: true });
}

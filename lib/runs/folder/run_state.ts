/**
 * What has become of a run: what its record says, unless its process died before it could say anything.
 *
 * @module
 */
import { join } from "@std/path";
import { isLocked } from "../../files/file_lock.ts";
import type { RunRecord, RunStatus } from "./run_record.ts";

/** `killed`: it says that it runs, and no process has it. */
export type RunState = RunStatus | "killed";

/**
 * Looks at a run's record and at its lock. A notebook holds its run also while nothing runs in it: the run has then
 * stopped or failed, as its record says.
 */
export async function stateOf({ folder, record }: { folder: string; record: RunRecord }): Promise<RunState> {
  if (!folder.endsWith(".partial")) return record.status;
  // Also one that was killed between its last word and the folder's final name.
  if (record.status === "running" || record.status === "finished") {
    return await isHeld(folder) ? "running" : "killed";
  }
  return record.status;
}

/** Whether a process has the run, be it at work or not. */
export function isHeld(folder: string): Promise<boolean> {
  return isLocked(join(folder, "lock"));
}

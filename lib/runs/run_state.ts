/**
 * What has become of a run: what its record says, unless its process died before it could say anything.
 *
 * @module
 */
import { join } from "@std/path";
import { isLocked } from "./file_lock.ts";
import type { RunRecord, RunStatus } from "./run_record.ts";

/** `killed`: it says that it runs, and no process has it. */
export type RunState = RunStatus | "killed";

/** Looks at a run's record and at its lock. */
export async function stateOf({ folder, record }: { folder: string; record: RunRecord }): Promise<RunState> {
  if (!folder.endsWith(".partial")) return record.status;
  if (await isLocked(join(folder, "lock"))) return "running";
  // Also one that was killed between its last word and the folder's final name.
  return record.status === "running" || record.status === "finished" ? "killed" : record.status;
}

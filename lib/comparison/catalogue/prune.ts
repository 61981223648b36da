/**
 * Removing what came to nothing: runs that failed, were stopped or killed, and stages that no run refers to.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { exists } from "../../files/whole_folder.ts";
import { isLocked } from "../../files/file_lock.ts";
import { listRuns } from "../../runs/folder/list_runs.ts";
import { foldersIn } from "../../files/folder_contents.ts";
import { readRunRecord } from "../../runs/folder/run_record.ts";
import { isHeld, type RunState, stateOf } from "../../runs/folder/run_state.ts";
import { whileNothingStarts } from "../../runs/folder/start_guard.ts";

/** Never a finished run, nor one that runs. */
export function isRemovable(state: RunState): boolean {
  return state === "failed" || state === "stopped" || state === "killed";
}

/**
 * Removes an unfinished run's folder, and the folders above it that are empty then. A run that was taken up again
 * meanwhile is left alone, and so is one that a notebook holds.
 *
 * @param folder `<results>/<cohort>/<experiment>/<slug>/v001.partial`
 * @returns whether it was removed
 */
export async function removeRun(folder: string): Promise<boolean> {
  const [slug, experiment] = [dirname(folder), dirname(dirname(folder))];
  return await whileNothingStarts(dirname(experiment), async () => {
    const record = await exists(folder) ? await readRunRecord(folder).catch(() => undefined) : undefined;
    if (!record || !isRemovable(await stateOf({ folder, record })) || await isHeld(folder)) return false;
    await Deno.remove(folder, { recursive: true });
    for (const parent of [slug, experiment]) {
      if ((await Array.fromAsync(Deno.readDir(parent))).length === 0) await Deno.remove(parent);
    }
    return true;
  });
}

/**
 * Folders of a cohort's stages that no run refers to. None while a process has a run of the cohort: it may be about to take
 * one of them.
 *
 * @throws Error when a run's record cannot be read: it might refer to any stage
 */
export async function unusedStages(results: string, cohort: string): Promise<string[]> {
  const runs = await listRuns(cohort, { results, status: "all" });
  const held = await Promise.all(runs.map(({ folder }) => isHeld(folder)));
  if (held.includes(true)) return [];
  const used = new Set(runs.flatMap(({ record }) => record.stages.map(({ hash }) => hash)));
  const root = join(results, cohort, "stages");
  const unused: string[] = [];
  for (const name of await foldersIn(root)) {
    if (!used.has(name) && !await isLocked(join(root, name, "lock"))) unused.push(join(root, name));
  }
  return unused;
}

/** Removes those of the cohort's stages that are still unused; returns how many. */
export async function removeStages(
  stages: readonly string[],
  { results, cohort }: { results: string; cohort: string },
): Promise<number> {
  return await whileNothingStarts(join(results, cohort), async () => {
    const unused = new Set(await unusedStages(results, cohort));
    const gone = stages.filter((stage) => unused.has(stage));
    for (const stage of gone) await Deno.remove(stage, { recursive: true });
    return gone.length;
  });
}

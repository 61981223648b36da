/**
 * Runs of a cohort that are not finished, as their files tell of them now.
 *
 * @module
 */
import { join } from "@std/path";
import type { RunningRun } from "../../explorer/explore_data.ts";
import { listRuns } from "../../runs/folder/list_runs.ts";
import { stateOf } from "../../runs/folder/run_state.ts";
import { progressLine } from "../../runs/progress/progress_line.ts";
import type { RunEvent } from "../../runs/progress/watchers.ts";

/** Events are short, and come a few times a second: the last one is among so many bytes. */
const TAIL = 65_536;

/** Those that run first; a file system that other machines write to is read like any other. */
export async function runningRuns(cohort: string, { results }: { results: string }): Promise<RunningRun[]> {
  const listed = await listRuns(cohort, { results, status: "all", onUnreadable: () => {} });
  const open = listed.filter(({ folder }) => folder.endsWith(".partial"));
  const runs = await Promise.all(open.map(async (run): Promise<RunningRun> => {
    const state = await stateOf(run), attempt = run.record.attempts.at(-1);
    return {
      name: run.name,
      state,
      since: attempt?.started,
      line: await lastProgress(join(run.folder, "progress.jsonl")),
      error: state === "failed" ? attempt?.error : undefined,
    };
  }));
  return runs.sort((a, b) => Number(b.state === "running") - Number(a.state === "running"));
}

/** Empty where nothing was said yet; a line that is being written is no line. */
async function lastProgress(path: string): Promise<string> {
  const events = (await tailOf(path)).split("\n").slice(0, -1).reverse();
  for (const text of events) {
    try {
      const event: RunEvent = JSON.parse(text);
      if (event.kind === "progress") return progressLine(event.progress, { secondsLeft: NaN });
    } catch {
      // The first line of the tail may be cut.
    }
  }
  return "";
}

async function tailOf(path: string): Promise<string> {
  try {
    using file = await Deno.open(path);
    const { size } = await file.stat();
    await file.seek(-Math.min(size, TAIL), Deno.SeekMode.End);
    return await new Response(file.readable).text();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.BadResource) return "";
    throw error;
  }
}

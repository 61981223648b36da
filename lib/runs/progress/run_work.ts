/**
 * Work that has a run: as it ends, so stands the run.
 *
 * @module
 */
import type { Progress } from "../../training/recorder.ts";
import type { RunFolder } from "../folder/run_folder.ts";
import { beginAttempt, endAttempt } from "../folder/attempts.ts";
import { StoppedError } from "./stop_signal.ts";

export interface RunWorkOptions {
  folder: Pick<RunFolder, "record" | "update">;
  /** Where the work is, as it was last told; asked when it is stopped. */
  place: () => Progress | undefined;
}

/**
 * Does something with a run in a notebook. An error marks the run as failed, a stop as stopped; when it is done again, the
 * run is taken up again. The folder stays held meanwhile: the variables of the notebook are its own.
 *
 * @throws what the work throws; a stop says where it was
 */
export async function workOnRun<T>(work: () => Promise<T>, options: RunWorkOptions): Promise<T> {
  const { folder, place } = options;
  if (folder.record.status !== "running") await folder.update(beginAttempt);
  try {
    return await work();
  } catch (error) {
    const stopped = error instanceof StoppedError;
    const told = stopped ? stoppedAt(place()) : error as Error;
    // Work within work: the inner one has said it.
    const end = { status: stopped ? "stopped" : "failed", error: told.message } as const;
    await folder.update((record) => record.status === "running" ? endAttempt(record, end) : {});
    throw told;
  }
}

/** A stop as a notebook's cell tells it. */
export function stoppedAt(place: Progress | undefined): StoppedError {
  return new StoppedError(`${whereStopped(place)}; run this cell again to go on.`);
}

/** Such as "Stopped after step 12 of 120". */
export function whereStopped(place: Progress | undefined): string {
  if (!place) return "Stopped before it began";
  const { step, steps, unit = "step" } = place;
  return `Stopped after ${unit} ${step} of ${steps}`;
}

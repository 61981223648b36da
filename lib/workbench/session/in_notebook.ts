/**
 * Work on many cases in a notebook's cell.
 *
 * @module
 */
import { watchFromNotebook } from "../../runs/notebooks/notebook_watcher.ts";
import { stoppedAt } from "../../runs/progress/run_work.ts";
import { listenForStop, StoppedError } from "../../runs/progress/stop_signal.ts";
import type { Progress } from "../../training/recorder.ts";

export interface NotebookWork {
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/**
 * Shows a line with the time left below the cell while the work runs, and ends the work when the stop button is pressed.
 *
 * @param title what is done
 * @throws StoppedError
 */
export async function inNotebook<T>(title: string, work: (notebook: NotebookWork) => Promise<T>): Promise<T> {
  const stop = listenForStop();
  const watcher = watchFromNotebook();
  let place: Progress | undefined;
  try {
    const signal = stop.renew();
    watcher.begin();
    return await work({
      signal,
      onProgress(step, steps) {
        place = { stage: title, step, steps, unit: "case" };
        watcher.progress(place);
      },
    });
  } catch (error) {
    throw error instanceof StoppedError ? stoppedAt(place) : error;
  } finally {
    stop.close();
  }
}

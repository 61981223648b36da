/**
 * Work on many cases in a notebook's cell.
 *
 * @module
 */
import { watchFromNotebook } from "../runs/notebook_watcher.ts";
import { listenForStop } from "../runs/stop_signal.ts";

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
  try {
    const signal = stop.renew();
    watcher.begin();
    return await work({
      signal,
      onProgress: (step, steps) => watcher.progress({ stage: title, step, steps }),
    });
  } finally {
    stop.close();
  }
}

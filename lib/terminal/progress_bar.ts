/**
 * Progress of work on many cases.
 *
 * @module
 */
import { Forecast } from "../runs/progress/forecast.ts";
import { progressLine } from "../runs/progress/progress_line.ts";
import { liveLine } from "./live_line.ts";

/**
 * Shows how far the work is, with the time left, while it runs.
 *
 * @param title what is worked on
 */
export async function withBar<T>(
  title: string,
  work: (onProgress: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const forecast = new Forecast([]);
  const line = liveLine();
  line.doing(title);
  try {
    return await work((step, steps) => {
      const progress = { stage: title, step, steps };
      forecast.see(progress);
      line.show((width) => progressLine(progress, { secondsLeft: forecast.secondsLeft, width }), false);
    });
  } finally {
    line.clear();
  }
}

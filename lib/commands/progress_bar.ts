/**
 * A bar for work on many cases.
 *
 * @module
 */
import { SingleBar } from "cli-progress";

/**
 * Shows a bar with the time left while the work runs, on a terminal only.
 *
 * @param title what is worked on
 */
export async function withBar<T>(
  title: string,
  work: (onProgress: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  if (!Deno.stderr.isTerminal()) return await work(() => {});
  const format = `  ${title} [{bar}] {value}/{total}, {eta_formatted} left`;
  const bar = new SingleBar({ format, clearOnComplete: true, hideCursor: true });
  bar.start(1, 0);
  try {
    return await work((done, total) => {
      bar.setTotal(total);
      bar.update(done);
    });
  } finally {
    bar.stop();
  }
}

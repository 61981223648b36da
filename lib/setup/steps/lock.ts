/**
 * One set-up at a time in a project.
 *
 * @module
 */

/** Options of {@linkcode withLock}. */
export interface LockOptions {
  /** Called once if another process holds the lock. */
  onWait?: () => void;
}

/**
 * Runs `work` while holding an exclusive lock on the file `path`. The kernel drops the lock when the process ends,
 * however it ends, so a killed set-up never blocks the next one.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  { onWait }: LockOptions = {},
): Promise<T> {
  using file = await Deno.open(path, { create: true, write: true });
  if (!await file.tryLock(true)) {
    onWait?.();
    await file.lock(true);
  }
  return await work();
}

/**
 * Locks that the operating system releases when their process dies, also by kill -9.
 *
 * @module
 */

/** A held lock. */
export interface FileLock {
  /** False once it was released, or taken over by this same process. */
  readonly held: boolean;
  release(): void;
}

/**
 * What this process holds, by real path. flock belongs to an open file: without this table a notebook's cell that
 * is run again would wait for the lock its own first run still holds.
 */
const heldHere = new Map<string, FileLock>();

/** How a lock is taken. */
export interface LockOptions {
  /** Takes the lock over when this very process holds it: the older holder finds `held` false. @default true */
  takeOver?: boolean;
}

/**
 * Takes an exclusive lock (flock) on a file, made when missing, or answers undefined when another process
 * holds it.
 *
 * Whoever merely looks at the lock ({@linkcode isLocked}) does not stand in the way.
 *
 * The file stays on disk: removing a lock file that another process has just opened would give two holders.
 */
export async function tryLock(path: string, options: LockOptions = {}): Promise<FileLock | undefined> {
  const { takeOver = true } = options;
  const file = await Deno.open(path, { create: true, read: true, write: true });
  const key = await Deno.realPath(path);
  if (takeOver) heldHere.get(key)?.release();
  while (!await file.tryLock(true)) {
    // Shared with us it has no holder: someone, such as a catalogue, is just looking at it.
    if (!await file.tryLock(false)) {
      file.close();
      return undefined;
    }
    await file.unlock();
    await new Promise((done) => setTimeout(done, 1));
  }
  let held = true;
  const lock: FileLock = {
    get held() {
      return held;
    },
    release() {
      if (!held) return;
      held = false;
      if (heldHere.get(key) === lock) heldHere.delete(key);
      file.close();
    },
  };
  heldHere.set(key, lock);
  return lock;
}

/** True while any process, this one included, holds the lock. */
export async function isLocked(path: string): Promise<boolean> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
  // A shared lock, which several may ask for at once; closing the file gives it back.
  const free = await file.tryLock(false);
  file.close();
  return !free;
}

/** How to wait for a lock. */
export interface WaitOptions extends LockOptions {
  /** Gives up with the signal's reason. @default never */
  signal?: AbortSignal;
  /** Called once, when the lock is not free at the first try. */
  onWait?: () => void;
  /** Gives up with an error after so many seconds. @default never */
  timeoutSeconds?: number;
}

/**
 * Takes the lock as soon as it is free.
 *
 * It asks every 200 ms rather than blocking in the system, where a signal could not end the wait.
 *
 * @throws Error when the time is over; the signal's reason when it is aborted
 */
export async function waitForLock(path: string, options: WaitOptions = {}): Promise<FileLock> {
  const start = performance.now();
  for (let attempt = 0;; attempt++) {
    options.signal?.throwIfAborted();
    const lock = await tryLock(path, options);
    if (lock) return lock;
    if (attempt === 0) options.onWait?.();
    const seconds = (performance.now() - start) / 1000;
    if (seconds > (options.timeoutSeconds ?? Infinity)) {
      throw new Error(
        `Cannot take the lock ${path}: another process still holds it after ${seconds.toFixed(0)} s`,
      );
    }
    await new Promise((done) => setTimeout(done, 200));
  }
}

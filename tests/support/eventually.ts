/** Waiting for what other processes do. */

/** Who waits longer has found a fault, on a slow and busy machine, too. */
const PATIENCE_MINUTES = 10;

export interface EventuallyOptions {
  /** Gives up once this has happened, and says what it tells. @default never */
  ended?: Promise<string>;
}

/**
 * Looks until the look does not throw, and answers what it found.
 *
 * @throws Error with the last look's reason
 */
export async function eventually<T>(look: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  let end: string | undefined;
  void options.ended?.then((told) => end = told);
  const begun = performance.now();
  for (;;) {
    const last = end; // what ended before the look cannot change after it
    try {
      return await look();
    } catch (error) {
      if (last !== undefined) throw new Error(`${(error as Error).message}; it ended first: ${last}`);
      if (performance.now() - begun > PATIENCE_MINUTES * 60_000) throw error;
      await new Promise((done) => setTimeout(done, 10));
    }
  }
}

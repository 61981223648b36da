/**
 * Long work and the event loop.
 *
 * @module
 */

/** Gives the event loop its turn: only then is a stop heard, and a display updated. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

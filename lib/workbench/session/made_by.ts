/**
 * Which run made the models, completed cases and scores that a notebook's variables hold: after a cell with startRun was
 * run anew, they are still those of the run before.
 *
 * @module
 */
import type { Run } from "../../runs/open_run.ts";

/** Name and identity of a run. */
type Maker = Pick<Run, "name"> & { identity: string };

const makers = new WeakMap<object, Maker>();

/** Remembers who made the things, together and one by one; returns them. */
export function madeBy<T extends readonly object[]>(run: Run, things: T): T {
  const maker = { name: run.name, identity: run.record.identity };
  for (const thing of [things, ...things]) makers.set(thing, maker);
  return things;
}

export interface RequireOwnOptions {
  run: Run;
  /** What the things are, in words: `models`. */
  what: string;
  /** What the cell does, in words. */
  action: string;
}

/**
 * Makes sure that things were made by the run, as far as that is known.
 *
 * @throws Error naming the run that made them, and the cell to run again
 */
export function requireOwn(things: readonly object[], { run, what, action }: RequireOwnOptions): void {
  for (const thing of [things, ...things]) {
    const maker = makers.get(thing);
    if (!maker || maker.identity === run.record.identity) continue;
    const other = maker.name === run.name ? "an earlier start of it" : `the run ${maker.name}`;
    throw new Error(
      `Cannot ${action}: the ${what} must be of the run ${run.name}, they are of ${other}. ` +
        `Run the cell that makes the ${what} again, then this one`,
    );
  }
}

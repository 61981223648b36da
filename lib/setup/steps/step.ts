/**
 * Steps of set-up, each done once and known to be done by a stamp.
 *
 * A step's stamp is a file that holds a hash of all its inputs. It is written after the step has succeeded, so a
 * step that was killed has none and is repeated; a `.started` file in its place tells the repetition that remains
 * may lie about.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";

/** One thing set-up makes. */
export interface Step {
  /** What it makes, in the progress line; also the stamp's name. */
  name: string;
  /** About how long it takes, for the progress line. @default not said: a moment */
  takes?: string;
  /** Everything its result depends on: pins, file contents, paths. */
  inputs: () => string[];
  /** Paths that exist once it is done; a deleted one has it done again. */
  outputs: () => string[];
  /** Makes the outputs. `cutShort` is true if the attempt before this one did not end well. */
  run: (cutShort: boolean) => Promise<void>;
}

/** Whether `step` is done and nothing it depends on has changed since. */
export function isDone(step: Step, stamps: string): boolean {
  return readStamp(step, stamps) === hashInputs(step) && step.outputs().every((path) => existsSync(path));
}

/** Runs `step` and stamps it. */
export async function perform(step: Step, stamps: string): Promise<void> {
  const stamp = stampPath(step, stamps);
  const started = `${stamp}.started`;
  const cutShort = existsSync(started);
  Deno.writeTextFileSync(started, "");
  if (existsSync(stamp)) Deno.removeSync(stamp);
  await step.run(cutShort);
  Deno.writeTextFileSync(started, hashInputs(step));
  Deno.renameSync(started, stamp);
}

function readStamp(step: Step, stamps: string): string | undefined {
  try {
    return Deno.readTextFileSync(stampPath(step, stamps));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function stampPath(step: Step, stamps: string): string {
  return `${stamps}/${step.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_")}`;
}

function hashInputs(step: Step): string {
  return createHash("sha256").update(JSON.stringify(step.inputs())).digest("hex");
}

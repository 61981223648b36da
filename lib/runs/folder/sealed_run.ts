/**
 * A finished run is sealed: its cells, run again, restore what it computed, and nothing else.
 *
 * @module
 */
import type { RunFolder } from "./run_folder.ts";
import { isKept } from "../stages/finished_stage.ts";
import { placeOf, type StageIdentity } from "../stages/stage_cache.ts";

export interface RequireKeptOptions extends StageIdentity {
  run: Pick<RunFolder, "name" | "path" | "record">;
}

/**
 * Makes sure that a stage of a finished run can be restored.
 *
 * @throws Error when the stage is none of the run's, or what it made is not kept here
 */
export async function requireKept(name: string, { run, ...identity }: RequireKeptOptions): Promise<void> {
  const { hash, folder } = await placeOf(name, identity);
  const begin = `Cannot train ${name}: the run ${run.name} is finished`;
  if (!run.record.stages.some((stage) => stage.hash === hash)) {
    throw new Error(
      `${begin}, and this cell asks for a stage with other options, models or cases than its own. ` +
        "Change the cell back, or its parameters, and run the cell with startRun and those after it again",
    );
  }
  if (!await isKept(folder)) {
    throw new Error(
      `${begin}; its stage is not kept here: git does not keep weights (${folder}). ` +
        `To train it again, move the folder ${run.path} away and run the cell with startRun again`,
    );
  }
}

/** Of a finished run nothing is computed anew, be it damaged: the error that says so. */
export function damagedStage(
  name: string,
  { reason, run }: { reason: string; run: Pick<RunFolder, "name" | "path"> },
): Error {
  return new Error(
    `Cannot train ${name}: the run ${run.name} is finished, and its stage is damaged: ${reason}. ` +
      `To train it again, move the folder ${run.path} away and run the cell with startRun again`,
  );
}

/**
 * The models that a run has left.
 *
 * @module
 */
import { join } from "@std/path";
import { exists } from "../files/whole_folder.ts";
import { readRunRecord, type RunRecord } from "../runs/run_record.ts";
import { missingRun, remedy } from "./run_remedy.ts";

export interface FoundBundle {
  /** Folder of the bundle, see models/bundle.ts. */
  folder: string;
  /** The run is not finished: its status. */
  unfinished?: RunRecord["status"];
}

/**
 * Finds the bundle in a run's folder.
 *
 * @throws Error when there is no run, or a run without models, with what makes them again
 */
export async function findBundle(run: string): Promise<FoundBundle> {
  const folder = join(run, "weights");
  const record = await readRunRecord(run);
  const whole = await exists(join(folder, "models.json"));
  if (whole) {
    return { folder, unfinished: record?.status === "finished" ? undefined : record?.status };
  }
  if (!record) {
    throw new Error(`Cannot predict: there is no run in --run, ${await missingRun(run)} (${run})`);
  }
  throw new Error(`Cannot predict: the run has no weights; ${await remedy(record)} (${run})`);
}

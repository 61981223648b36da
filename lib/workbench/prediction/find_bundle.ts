/**
 * The models that a run has left.
 *
 * @module
 */
import { join } from "@std/path";
import { exists } from "../../files/whole_folder.ts";
import { nearestRun } from "../../runs/folder/nearest_run.ts";
import { readRunRecord, type RunRecord } from "../../runs/folder/run_record.ts";
import { resultsFolder } from "../project.ts";
import { missingRun, remedy } from "../run_remedy.ts";

export interface FoundBundle {
  /** Folder of the bundle, see models/bundle.ts. */
  folder: string;
  /** The run is not finished: its status. */
  unfinished?: RunRecord["status"];
}

export interface FindBundleOptions {
  /** Folder of all results. @default the project's */
  results?: string;
  /** What the models are wanted for, in errors. @default "predict" */
  action?: string;
}

/**
 * Finds the bundle of a run, by its folder or by its place in the results (`phantom/mutual/default/v001`).
 *
 * @throws Error when there is no run, or a run without models, with what makes them again
 */
export async function findBundle(
  run: string,
  { results = resultsFolder, action = "predict" }: FindBundleOptions = {},
): Promise<FoundBundle> {
  for (const place of [run, join(results, run)]) {
    const folder = join(place, "weights");
    const record = await readRunRecord(place);
    if (await exists(join(folder, "models.json"))) {
      return record && record.status !== "finished" ? { folder, unfinished: record.status } : { folder };
    }
    if (record) {
      throw new Error(`Cannot ${action}: the run has no weights; ${await remedy(record)} (${place})`);
    }
  }
  const why = `${await missingRun(run, join(results, run))}${await nearestRun(run, results)}`;
  throw new Error(`Cannot ${action}: there is no such run, ${why} (${run})`);
}

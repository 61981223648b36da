/**
 * The models that a run has left.
 *
 * @module
 */
import { join } from "@std/path";
import { exists } from "../files/whole_folder.ts";
import { readNotebook } from "../runs/notebook.ts";
import { declaredParameters } from "../runs/parameters.ts";
import { readRunRecord, type RunRecord } from "../runs/run_record.ts";
import { experimentPath } from "./project.ts";

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
    const partial = `${run.replace(/\/+$/, "")}.partial`;
    const hint = await exists(partial)
      ? `an unfinished run lies in ${partial}`
      : "it must be a folder such as results/phantom/mutual/default/v001";
    throw new Error(`Cannot predict: there is no run in --run, ${hint} (${run})`);
  }
  throw new Error(`Cannot predict: the run has no weights; ${await remedy(record)} (${run})`);
}

async function remedy(record: RunRecord): Promise<string> {
  const { experiment, status, parameters } = record;
  const notebook = experimentPath(experiment);
  if (!await exists(notebook)) return `it holds the scores of predictions made elsewhere`;
  const defaults = new Map(
    declaredParameters(await readNotebook(notebook), notebook).map(({ name, value }) => [name, value]),
  );
  const settings = Object.entries(parameters).flatMap(([name, value]) =>
    defaults.get(name) === value ? [] : [`--set ${name}=${value}`]
  );
  const command = ["deno task run", experiment, ...settings].join(" ");
  if (status !== "finished") return `it is not finished, and goes on with: ${command}`;
  return `git does not keep them. To make them again, move the folder away and type: ${command}`;
}

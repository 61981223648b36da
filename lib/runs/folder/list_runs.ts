/**
 * The catalogue of a cohort's runs.
 *
 * @module
 */
import { join } from "@std/path";
import { foldersIn } from "../../files/folder_contents.ts";
import { readRunRecord, type RunRecord, type RunStatus } from "./run_record.ts";
import { listVersions } from "./versions.ts";

/** A run on disk. */
export interface RunSummary {
  /** Such as `phantom/mutual/default/v001`. */
  name: string;
  folder: string;
  record: RunRecord;
}

export interface ListOptions {
  /** Folder of all results. @default "results" */
  results?: string;
  /** Which runs; `"all"` for every status. No table may count runs that are not finished. @default "finished" */
  status?: RunStatus | "all";
  /** Called with the error of a record that cannot be read; the run is left out then. @default throws it */
  onUnreadable?: (error: Error) => void;
}

/**
 * The runs of a cohort by experiment, slug and version.
 *
 * @throws Error when a run's record cannot be read, or a finished run has none
 */
export async function listRuns(cohort: string, options: ListOptions = {}): Promise<RunSummary[]> {
  const { results = "results", status = "finished", onUnreadable = fail } = options;
  const runs: RunSummary[] = [];
  for (const experiment of await foldersIn(join(results, cohort))) {
    for (const slug of await foldersIn(join(results, cohort, experiment))) {
      for (const { path, partial } of await listVersions(join(results, cohort, experiment, slug))) {
        const record = await readRunRecord(path).catch(onUnreadable);
        if (!record) continue;
        if (status === "all" || record.status === status && partial === (status !== "finished")) {
          const version = path.split("/").at(-1)!.replace(/\.partial$/, "");
          runs.push({ name: `${cohort}/${experiment}/${slug}/${version}`, folder: path, record });
        }
      }
    }
  }
  return runs;
}

function fail(error: Error): never {
  throw error;
}

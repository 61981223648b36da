/**
 * Whether a run is there already.
 *
 * @module
 */
import { join } from "@std/path";
import { identityHash, type RunIdentity } from "./identity.ts";
import { readRunRecord, type RunRecord } from "./run_record.ts";
import { listVersions, type VersionFolder } from "./versions.ts";

export interface FoundRun extends VersionFolder {
  record: RunRecord;
}

/** The finished run of the same identity, else the unfinished one, which is `partial`. */
export async function findRun(
  results: string,
  run: RunIdentity & Pick<RunRecord, "cohort" | "slug">,
): Promise<FoundRun | undefined> {
  const identity = await identityHash(run);
  const equal: FoundRun[] = [];
  for (const version of await listVersions(join(results, run.cohort, run.experiment, run.slug))) {
    const record = await readRunRecord(version.path);
    if (record?.identity === identity) equal.push({ ...version, record });
  }
  return equal.find(({ partial, record }) => !partial && record.status === "finished") ??
    equal.find(({ partial }) => partial);
}

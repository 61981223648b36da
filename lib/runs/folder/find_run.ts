/**
 * Whether a run is there already.
 *
 * @module
 */
import { join } from "@std/path";
import { differences, identityHash, type RunIdentity } from "./identity.ts";
import { readRunRecord, type RunRecord } from "./run_record.ts";
import { listVersions, type VersionFolder } from "./versions.ts";

export interface FoundRun extends VersionFolder {
  record: RunRecord;
}

type SoughtRun = RunIdentity & Pick<RunRecord, "cohort" | "slug" | "fresh">;

/**
 * The finished run of the same identity, else the unfinished one, which is `partial`. One that is to be computed anew is found
 * only while it is unfinished.
 */
export async function findRun(results: string, run: SoughtRun): Promise<FoundRun | undefined> {
  const identity = await identityHash(run);
  const equal = (await versionsOf(results, run)).filter(({ record }) => record.identity === identity);
  if (run.fresh) return equal.find(({ partial, record }) => partial && record.fresh);
  return equal.find(({ partial, record }) => !partial && record.status === "finished") ??
    equal.find(({ partial }) => partial);
}

/**
 * In what the newest finished run of the same name differs from this one, in words: why it is not taken for an answer.
 * Empty when there is none.
 */
export async function differencesFromNewest(results: string, run: SoughtRun): Promise<string[]> {
  const newest = (await versionsOf(results, run)).findLast(({ partial }) => !partial);
  return newest ? await differences(run, newest.record) : [];
}

async function versionsOf(results: string, { cohort, experiment, slug }: SoughtRun): Promise<FoundRun[]> {
  const found: FoundRun[] = [];
  for (const version of await listVersions(join(results, cohort, experiment, slug))) {
    const record = await readRunRecord(version.path);
    if (record) found.push({ ...version, record });
  }
  return found;
}

/**
 * The folder of one run: found, resumed or allotted; held while the run is alive.
 *
 * @module
 */
import { dirname, join, relative } from "@std/path";
import { type FileLock, tryLock, waitForLock } from "../../files/file_lock.ts";
import { findRun } from "./find_run.ts";
import { identityHash } from "./identity.ts";
import { gitState, thisMachine } from "./machine.ts";
import { readRunRecord, type RunRecord, type RunStatus } from "./run_record.ts";
import { beginAttempt, endAttempt, withoutWhereabouts } from "./attempts.ts";
import { sealScores, sealTables } from "./sealed_scores.ts";
import { whileNothingStarts } from "./start_guard.ts";
import { allotVersion } from "./versions.ts";
import { writeSealed } from "../../files/seal.ts";

/** What the caller knows of a run before it starts. */
export type RunDescription = Pick<
  RunRecord,
  | "experiment"
  | "cohort"
  | "slug"
  | "parameters"
  | "seed"
  | "methodVersion"
  | "engineVersion"
  | "notebookHash"
  | "dataHash"
  | "fold"
  | "cases"
  | "testHashes"
  | "settings"
  | "inputs"
  | "fresh"
  | "versions"
>;

export interface RunFolder {
  /** Where the run is now: `v001.partial`, then `v001`. */
  readonly path: string;
  /** Where the run will be when it is whole, as a name: `phantom/mutual/default/v001`. */
  readonly name: string;
  /** The folder of the cohort's results. */
  readonly cohortFolder: string;
  /** How this start came to the folder. */
  readonly origin: "new" | "resumed" | "finished" | "joined";
  readonly record: RunRecord;
  /** The run is finished, now or before: nothing in the folder changes any more. */
  readonly sealed: boolean;
  /** Changes run.json, unless it is sealed; the change is made from what stands in it now. */
  update(change: (record: RunRecord) => Partial<RunRecord>): Promise<void>;
  /** Ends the attempt, unless it is sealed: `finished` gives the folder its final name. Releases the lock. */
  end(status: Exclude<RunStatus, "running">, error?: string): Promise<void>;
  /** Lets go of the folder without a word, as a killed process would. */
  release(): void;
}

/** The very same run is in progress: it may be started again when that one has ended. */
export class RunInProgressError extends Error {
  override name = "RunInProgressError";
}

/**
 * Finds the finished run of the same identity, or resumes the unfinished one, or allots the next version.
 *
 * @throws {RunInProgressError} saying who has it when the very same run is in progress
 */
export async function openRunFolder(results: string, description: RunDescription): Promise<RunFolder> {
  const cohortFolder = join(results, description.cohort);
  const identity = await identityHash(description);
  // Looking for the identity and allotting must be one step, or two equal runs that start at once both begin.
  return await whileNothingStarts(cohortFolder, async () => {
    const found = await findRun(results, description);
    if (found && !found.partial) {
      return handle(found.path, { origin: "finished", cohortFolder, record: found.record });
    }
    const parent = join(cohortFolder, description.experiment, description.slug);
    const path = found?.path ?? (await allotVersion(parent)).path;
    const lock = await tryLock(join(path, "lock"));
    if (!lock) throw new RunInProgressError(busy(description, path, found?.record));
    const origin = found ? "resumed" : "new";
    return await begin(path, { origin, cohortFolder, lock, description, identity, record: found?.record });
  });
}

/**
 * Joins a run that another process of the same start holds: the kernel, in the folder its task allotted.
 *
 * @throws Error when the kernel of an earlier, killed start does not end
 */
export async function joinRunFolder(path: string): Promise<RunFolder> {
  const record = await readRunRecord(path);
  if (!record) throw new Error(`Cannot join run: there is no run.json (${path})`);
  const lock = await waitForLock(join(path, "kernel.lock"), { timeoutSeconds: 30 });
  return handle(path, { origin: "joined", cohortFolder: dirname(dirname(dirname(path))), record, lock });
}

interface Opened {
  origin: RunFolder["origin"];
  cohortFolder: string;
  lock?: FileLock;
}

async function begin(
  path: string,
  { description, identity, record: earlier, ...opened }: Opened & {
    description: RunDescription;
    identity: string;
    record?: RunRecord | undefined;
  },
): Promise<RunFolder> {
  const record: RunRecord = {
    ...description,
    version: Number(path.match(/v(\d+)\.partial$/)![1]),
    identity,
    stages: [],
    notes: [],
    ...beginAttempt(earlier ?? { attempts: [] }),
    machine: thisMachine(),
    git: await gitState(),
  };
  // Results of an earlier attempt must not pass for this one's.
  for (const file of ["metrics.csv", "progress.jsonl"]) await Deno.remove(join(path, file)).catch(() => {});
  await writeSealed(join(path, "run.json"), record);
  return handle(path, { ...opened, record });
}

function handle(start: string, opened: Opened & { record: RunRecord }): RunFolder {
  let path = start;
  let record = opened.record;
  let sealed = opened.origin === "finished";
  let queue = Promise.resolve();
  // One change after the other: each is made from what the one before it wrote.
  const update: RunFolder["update"] = (change) => {
    queue = queue.catch(() => {}).then(async () => {
      if (sealed) return;
      const current = await readRunRecord(path) ?? record;
      record = { ...current, ...change(current) };
      await writeSealed(join(path, "run.json"), record);
    });
    return queue;
  };
  return {
    get path() {
      return path;
    },
    get record() {
      return record;
    },
    get sealed() {
      return sealed;
    },
    name: relative(dirname(opened.cohortFolder), start).replace(/\.partial$/, ""),
    cohortFolder: opened.cohortFolder,
    origin: opened.origin,
    update,
    async end(status, error) {
      if (sealed) return;
      const scores = status === "finished" ? await sealScores(join(path, "metrics.csv")) : undefined;
      const tables = status === "finished" ? await sealTables(path) : undefined;
      await update((record) => {
        const ended = { ...record, ...endAttempt(record, { status, error }), scores, tables };
        return status === "finished" ? { ...ended, ...withoutWhereabouts(ended) } : ended;
      });
      if (status === "finished") {
        // An equal start that has just found the folder must not take it up while it changes its name.
        await whileNothingStarts(opened.cohortFolder, async () => {
          for (const file of ["lock", "kernel.lock", "progress.jsonl"]) {
            await Deno.remove(join(path, file)).catch(() => {});
          }
          const whole = path.replace(/\.partial$/, "");
          await Deno.rename(path, whole);
          path = whole;
          sealed = true;
        });
      }
      opened.lock?.release();
    },
    release: () => opened.lock?.release(),
  };
}

function busy(run: RunDescription, path: string, record: RunRecord | undefined): string {
  const who = record?.attempts.at(-1);
  const by = who ? ` by process ${who.process} on ${who.host} since ${who.started}` : "";
  return `Cannot start ${run.experiment} (cohort ${run.cohort}, ${run.slug}): the very same run is in progress${by} ` +
    `(${path}). Wait until it ends, or stop it`;
}

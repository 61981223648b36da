/**
 * What the comparison leaves: `comparison.json` of a version's folder, a result a contestant and budget.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { readTextIfThere, writeJson } from "../../lib/files/whole_file.ts";
import { allotVersion, listVersions } from "../../lib/runs/folder/versions.ts";
import { benchmarkRecord } from "../harness/benchmark_record.ts";
import { type ContestantName, CONTESTANTS } from "./contestants.ts";

const resultSchema = z.object({
  contestant: z.enum(Object.keys(CONTESTANTS) as [ContestantName, ...ContestantName[]]),
  budgetMinutes: z.number(),
  /** Wall clock, from the program's start to the last label map. */
  minutes: z.number(),
  /** Of the weights, in training. */
  updates: z.number(),
  /** The minutes' parts. */
  seconds: z.object({
    preparing: z.number(),
    rehearsal: z.number(),
    training: z.number(),
    predicting: z.number(),
  }),
  network: z.object({
    spacingMm: z.array(z.number()),
    /** [depth, height, width], voxels. */
    patch: z.array(z.number()),
    patchesPerUpdate: z.number(),
    widths: z.array(z.number()),
  }),
  /** Mean validation Dice of each organ. */
  organs: z.record(z.string(), z.number()),
  /** Mean of the organs. */
  dice: z.number(),
  /** What other programs used of the processors' time meanwhile, 0 to 1. */
  othersShare: z.number(),
  ...benchmarkRecord.pick({ started: true, ended: true, versions: true, git: true }).shape,
});

const schema = z.object({
  cohort: z.string(),
  /** Hash of the cohort's file and fold: results of other ones stand in another version. */
  cohortHash: z.string(),
  machine: benchmarkRecord.shape.machine,
  results: z.array(resultSchema),
});

export type ComparisonResult = z.infer<typeof resultSchema>;
export type ComparisonRecord = z.infer<typeof schema>;

const FILE = "comparison.json";

/** Writes the record, whole or not at all. */
export async function writeComparison(folder: string, record: ComparisonRecord): Promise<void> {
  await writeJson(join(folder, FILE), record);
}

/**
 * The newest version where it is of the same cohort and host, or was killed before its first result, so that it is gone on with;
 * else a new one.
 *
 * @param folder of the versions
 * @param begun the record without results
 * @throws Error naming a file that is not a record
 */
export async function openComparison(
  folder: string,
  begun: Omit<ComparisonRecord, "results">,
): Promise<{ path: string; record: ComparisonRecord }> {
  const empty = { ...begun, results: [] };
  const newest = (await listVersions(folder)).findLast(({ partial }) => !partial);
  if (newest) {
    const record = await readComparison(newest.path) ?? empty;
    const same = record.cohortHash === begun.cohortHash && record.machine.host === begun.machine.host;
    if (same) return { path: newest.path, record };
  }
  const { path: partial } = await allotVersion(folder);
  const path = partial.replace(/\.partial$/, "");
  // Results count one by one, as soon as they are there.
  await Deno.rename(partial, path);
  return { path, record: empty };
}

/** The record of a version's folder, or undefined while it has none. */
async function readComparison(folder: string): Promise<ComparisonRecord | undefined> {
  const path = join(folder, FILE), text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new Error(`Cannot read comparison: ${reason} (${path})`, { cause });
  }
}

/** What is asked for and not there yet: the smallest budgets first, so that an interrupted call leaves pairs. */
export function missingOf(
  { results }: Pick<ComparisonRecord, "results">,
  { contestants, budgets }: { contestants: readonly ContestantName[]; budgets: readonly number[] },
): { contestant: ContestantName; budgetMinutes: number }[] {
  return [...budgets].sort((a, b) => a - b).flatMap((budgetMinutes) =>
    contestants.map((contestant) => ({ contestant, budgetMinutes }))
  ).filter(({ contestant, budgetMinutes }) =>
    !results.some((one) => one.contestant === contestant && one.budgetMinutes === budgetMinutes)
  );
}

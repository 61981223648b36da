/**
 * The version of the results that benchmarks add to.
 *
 * @module
 */
import { allotVersion, listVersions } from "../runs/versions.ts";
import { type BenchmarkRecord, readBenchmarkRecords } from "./benchmark_record.ts";

export interface BenchmarkVersion {
  path: string;
  /** Benchmarks to be run, in order. */
  open: string[];
}

export interface BenchmarkVersionOptions {
  /** Names of all benchmarks there are. */
  all: readonly string[];
  /** Names of those wanted. @default those that the newest version lacks, or all */
  named?: readonly string[];
  /** A version is continued on the machine it was begun on. */
  machine: BenchmarkRecord["machine"];
}

/**
 * Goes on with the newest version as long as it has none of what is wanted: a benchmark that was killed, or one by itself,
 * completes it. Else begins a new version, since a result is never overwritten.
 */
export async function openBenchmarkVersion(
  folder: string,
  { all, named = [], machine }: BenchmarkVersionOptions,
): Promise<BenchmarkVersion> {
  const newest = (await listVersions(folder)).findLast(({ partial }) => !partial);
  if (newest) {
    const records = await readBenchmarkRecords(newest.path);
    const done = records.map(({ name }) => name);
    const open = named.length > 0 ? [...named] : all.filter((name) => !done.includes(name));
    const here = records.every((record) => isSame(record.machine, machine));
    if (here && open.length > 0 && !open.some((name) => done.includes(name))) {
      return { path: newest.path, open };
    }
  }
  const { path: partial } = await allotVersion(folder);
  const path = partial.replace(/\.partial$/, "");
  // Results count one by one, as soon as they are there.
  await Deno.rename(partial, path);
  return { path, open: [...named.length > 0 ? named : all] };
}

function isSame(a: BenchmarkRecord["machine"], b: BenchmarkRecord["machine"]): boolean {
  return a.host === b.host && a.processor === b.processor && a.threads === b.threads;
}

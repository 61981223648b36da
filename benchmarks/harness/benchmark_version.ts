/**
 * The version of the results that benchmarks add to.
 *
 * @module
 */
import { join } from "@std/path";
import { allotVersion, listVersions } from "../../lib/runs/folder/versions.ts";
import { type BenchmarkRecord, readBenchmarkRecords } from "./benchmark_record.ts";
import { machineName } from "./machine_name.ts";

export interface BenchmarkVersion {
  path: string;
  /** Benchmarks to be run, in order. */
  open: string[];
}

export interface BenchmarkVersionOptions {
  /** Names of all benchmarks there are. */
  all: readonly string[];
  /** Names of those wanted. @default those that the newest version lacks, or all */
  named?: readonly string[] | undefined;
  /** Where it will be measured. */
  machine: BenchmarkRecord["machine"];
}

/**
 * Opens a version in the folder of this kind of machine, `<folder>/<machine>/v001`.
 *
 * Goes on with the newest as long as it has none of what is wanted: a benchmark that was killed, or one by itself,
 * completes it. Else begins a new one, since a result is never overwritten; so too on another host of the same kind.
 */
export async function openBenchmarkVersion(
  folder: string,
  { all, named = [], machine }: BenchmarkVersionOptions,
): Promise<BenchmarkVersion> {
  const own = join(folder, machineName(machine));
  const newest = (await listVersions(own)).findLast(({ partial }) => !partial);
  if (newest) {
    const records = await readBenchmarkRecords(newest.path);
    const done = records.map(({ name }) => name);
    const open = named.length > 0 ? [...named] : all.filter((name) => !done.includes(name));
    const here = records.every((record) => record.machine.host === machine.host);
    if (here && open.length > 0 && !open.some((name) => done.includes(name))) {
      return { path: newest.path, open };
    }
  }
  const { path: partial } = await allotVersion(own);
  const path = partial.replace(/\.partial$/, "");
  // Results count one by one, as soon as they are there.
  await Deno.rename(partial, path);
  return { path, open: [...named.length > 0 ? named : all] };
}

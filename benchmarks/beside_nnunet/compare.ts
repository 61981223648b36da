/**
 * Contestants within budgets, one after the other, each result written as soon as it is there.
 *
 * @module
 */
import { join } from "@std/path";
import type { Study } from "../../lib/data/cohorts/study.ts";
import type { BenchmarkProgress } from "../harness/run_benchmarks.ts";
import type { BenchmarkRecord } from "../harness/benchmark_record.ts";
import { type ComparisonRecord, missingOf, writeComparison } from "./comparison_record.ts";
import { type ContestantName, CONTESTANTS } from "./contestants.ts";
import { measure } from "./measure.ts";
import { writeRawFolder } from "./raw_folder.ts";

export interface CompareOptions extends Pick<BenchmarkRecord, "versions" | "git"> {
  /** As it was asked for: a name or a path, and perhaps a fold. */
  cohort: string;
  /** With every label shown. */
  study: Study;
  contestants: readonly ContestantName[];
  budgetsMinutes: readonly number[];
  deno: string;
  /** Of the peers' environment. */
  python: string;
  /** An empty folder. */
  temporary: string;
  /** Folder of the record. */
  results: string;
  progress: BenchmarkProgress;
}

/**
 * Measures what the record lacks. nnU-Net's raw data are written once, before anyone's time begins: they are the scans as they
 * were, under other names.
 *
 * @returns the record with all results
 */
export async function compare(record: ComparisonRecord, options: CompareOptions): Promise<ComparisonRecord> {
  const { contestants, budgetsMinutes: budgets, study, temporary, results, progress, versions, git } =
    options;
  const missing = missingOf(record, { contestants, budgets });
  const raw = join(temporary, "raw");
  if (missing.some(({ contestant }) => contestant !== "ours")) await writeRawData(raw, { study, progress });
  let complete = record;
  for (const one of missing) {
    const started = new Date().toISOString(), start = performance.now();
    progress.begin(describe(one));
    try {
      const measured = await measure({ ...options, ...one, raw, progress: progress.progress });
      const result = { ...measured, started, ended: new Date().toISOString(), versions, git };
      complete = { ...complete, results: [...complete.results, result] };
      await writeComparison(results, complete);
    } catch (error) {
      progress.end((performance.now() - start) / 1000, error as Error);
      throw error;
    }
    progress.end((performance.now() - start) / 1000);
  }
  return complete;
}

/** As a line of progress begins. */
export function describe(
  { contestant, budgetMinutes }: { contestant: ContestantName; budgetMinutes: number },
): string {
  return `${CONTESTANTS[contestant].title}, ${budgetMinutes} minutes`;
}

export const RAW_DATA = "nnU-Net's raw data";

async function writeRawData(folder: string, { study, progress }: Pick<CompareOptions, "study" | "progress">) {
  const start = performance.now();
  progress.begin(RAW_DATA);
  await writeRawFolder(study, { folder, onCase: (done, of) => progress.progress(`${done} of ${of}`) });
  progress.end((performance.now() - start) / 1000);
}

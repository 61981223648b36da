/**
 * Benchmarks one after the other, each result written as soon as it is there.
 *
 * @module
 */
import { join, toFileUrl } from "@std/path";
import type { Benchmark, BenchmarkContext } from "./benchmark.ts";
import { type BenchmarkRecord, writeBenchmarkRecord } from "./benchmark_record.ts";
import { watchOthers } from "./watch_others.ts";

/** Told how it goes. */
export interface BenchmarkProgress {
  begin(name: string): void;
  /** How far it is, in a few words. */
  progress(text: string): void;
  /** @param error what it failed with. @default it succeeded */
  end(seconds: number, error?: Error): void;
}

export interface RunBenchmarksOptions
  extends
    Pick<BenchmarkContext, "deno" | "python" | "dataRoot">,
    Pick<BenchmarkRecord, "machine" | "versions" | "git"> {
  /** Folder of the benchmarks' folders. */
  benchmarks: string;
  /** Folder the results go to. */
  results: string;
  progress: BenchmarkProgress;
  /** Ends the benchmark that runs, without a result. */
  stop: AbortSignal;
}

/** Names of the benchmarks: folders that have a `benchmark.ts`. */
export async function listBenchmarks(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory) continue;
    const files = await Array.fromAsync(Deno.readDir(join(folder, name)));
    if (files.some((file) => file.name === "benchmark.ts")) names.push(name);
  }
  return names.sort();
}

/**
 * Runs benchmarks by name. One that fails has no result; the others go on.
 *
 * @returns how many failed
 * @throws the signal's reason when it is aborted
 */
export async function runBenchmarks(
  names: readonly string[],
  options: RunBenchmarksOptions,
): Promise<number> {
  const { progress, stop } = options;
  let failures = 0;
  for (const name of names) {
    const start = performance.now();
    progress.begin(name);
    let error: Error | undefined;
    try {
      await runBenchmark(name, options);
    } catch (thrown) {
      // Ctrl-C reaches the contestants, too: that they ended is then no failure.
      stop.throwIfAborted();
      error = thrown as Error;
      failures++;
    }
    progress.end((performance.now() - start) / 1000, error);
  }
  return failures;
}

async function runBenchmark(name: string, options: RunBenchmarksOptions): Promise<void> {
  const { benchmarks, results, progress, stop, deno, python, dataRoot, machine, versions, git } = options;
  const { benchmark } = await import(toFileUrl(join(benchmarks, name, "benchmark.ts")).href) as {
    benchmark: Benchmark;
  };
  const temporary = await Deno.makeTempDir({ prefix: "consilium_bench_" });
  try {
    const started = new Date().toISOString();
    const othersShare = await watchOthers();
    const context = { temporary, deno, python, dataRoot, progress: progress.progress };
    const result = await Promise.race([benchmark.run(context), aborted(stop)]);
    const ended = new Date().toISOString();
    await writeBenchmarkRecord(results, {
      name,
      title: benchmark.title,
      started,
      ended,
      machine,
      versions,
      git,
      othersShare: await othersShare(),
      ...result,
    });
  } finally {
    // A contestant that still writes when the benchmark was stopped may hinder it.
    await Deno.remove(temporary, { recursive: true }).catch(() => {});
  }
}

/** Never answers; rejects with the reason when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

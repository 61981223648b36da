/**
 * The command `bench [benchmarks…]`: measures Consilium against its peers, side by side on this machine.
 *
 * Exits 1 when a benchmark failed, 2 when it was called wrongly or the peers are missing, 130 when it was stopped.
 *
 * @module
 */
import { join } from "@std/path";
import { sharedCap } from "../../../benchmarks/harness/arithmetic_settings.ts";
import { openBenchmarkVersion } from "../../../benchmarks/harness/benchmark_version.ts";
import { benchmarkMachine, benchmarkVersions, describeMachine } from "../../../benchmarks/harness/machine.ts";
import { listBenchmarks, runBenchmarks } from "../../../benchmarks/harness/run_benchmarks.ts";
import { tableToText } from "../../plots/tables/table.ts";
import { gitState } from "../../runs/folder/machine.ts";
import { withLock } from "../../setup/steps/lock.ts";
import { hasPeers, peersPython } from "../../setup/benchmark_peers.ts";
import { projectRoot, toolPaths } from "../../setup/tool_paths.ts";
import { typed } from "../../setup/typed.ts";
import { unknownName } from "../../text/unknown_name.ts";
import { showBenchmarks } from "../../../benchmarks/harness/bench_progress.ts";
import { writeBenchmarkOutputs } from "../../../benchmarks/harness/bench_outputs.ts";
import { benchmarkLines } from "../../workbench/choices.ts";
import { exitWith } from "../../terminal/exit_with.ts";
import { listenForInterrupts } from "../../terminal/interrupts.ts";
import { dataRoot, projectFolder, resultsFolder } from "../../workbench/project.ts";
import { readArguments } from "../../terminal/read_arguments.ts";
import { shortPath } from "../../terminal/short_path.ts";
import { showHelp, UsageError } from "../../terminal/usage.ts";

const usage = async (all: readonly string[]) =>
  `Usage: ${typed("bench [benchmarks…]")}

Measures Consilium against PyTorch, MONAI, nnU-Net and nibabel: the benchmarks
named, or all. ${typed("bench-setup")} installs the peers.
Results, with every repetition, go to results/benchmarks/<machine>: each kind of
machine has a folder of its own, and a version is continued while it lacks
benchmarks, so a bench that was stopped goes on where it was. Nothing else
should run meanwhile. ONEDNN_MAX_CPU_ISA=AVX2 holds everyone to older
instructions and is recorded as a machine of its own.

Benchmarks:
${await benchmarkLines(benchmarksFolder, all)}`;

const benchmarksFolder = join(projectFolder, "benchmarks", "contests");

/** Runs the command; returns the exit code. */
export async function bench(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { action: "bench" });
  const all = await listBenchmarks(benchmarksFolder);
  if (values.help) return showHelp(await usage(all));
  const unknown = positionals.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new UsageError(`Cannot bench: a benchmark ${unknownName(unknown, all)}`);
  if (!hasPeers()) {
    throw new Error(`Cannot bench: the peers are missing; type first: ${typed("bench-setup")}`);
  }
  const waits = () => console.error("Waiting for another bench of this folder to end …");
  return await withLock(
    join(projectRoot, ".setup", "bench_lock"),
    () => benchAll(all, [...new Set(positionals)]),
    {
      onWait: waits,
    },
  );
}

async function benchAll(all: readonly string[], named: readonly string[]): Promise<number> {
  const interrupts = listenForInterrupts(() => {});
  const python = peersPython();
  const machine = await benchmarkMachine();
  for (const [name, value] of Object.entries(sharedCap())) Deno.env.set(name, value); // contestants inherit it
  const { path, open } = await openBenchmarkVersion(join(resultsFolder, "benchmarks"), {
    all,
    named,
    machine,
  });
  console.error(`Machine: ${describeMachine(machine)}\nResults: ${shortPath(path)}`);
  const progress = showBenchmarks(open);
  let failures: number;
  try {
    failures = await runBenchmarks(open, {
      benchmarks: benchmarksFolder,
      results: path,
      progress,
      stop: interrupts.stop,
      deno: toolPaths().deno,
      python,
      dataRoot: dataRoot(),
      machine,
      versions: await benchmarkVersions(python),
      git: await gitState(),
    });
  } catch (error) {
    if (!interrupts.stop.aborted) throw error;
    console.error("\nStopped; the same command goes on from there.");
    return 130; // whoever was being measured dies with this process
  }
  const table = await writeBenchmarkOutputs(path);
  if (table) console.log(tableToText(table));
  return failures > 0 ? 1 : 0;
}

if (import.meta.main) await exitWith(bench);

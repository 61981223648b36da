/**
 * The command `bench-nnunet --cohort <cohort>`: validation Dice against minutes of wall clock, ours beside nnU-Net.
 *
 * Exits 1 when a contestant failed, 2 when it was called wrongly or the peers are missing, 130 when it was stopped.
 *
 * @module
 */
import { join } from "@std/path";
import { compare, describe, RAW_DATA } from "../../../benchmarks/beside_nnunet/compare.ts";
import { writeComparisonOutputs } from "../../../benchmarks/beside_nnunet/comparison_outputs.ts";
import { missingOf, openComparison } from "../../../benchmarks/beside_nnunet/comparison_record.ts";
import { type ContestantName, CONTESTANTS } from "../../../benchmarks/beside_nnunet/contestants.ts";
import { sharedCap } from "../../../benchmarks/harness/arithmetic_settings.ts";
import { showBenchmarks } from "../../../benchmarks/harness/bench_progress.ts";
import { aborted } from "../../../benchmarks/harness/run_benchmarks.ts";
import { benchmarkMachine, benchmarkVersions, describeMachine } from "../../../benchmarks/harness/machine.ts";
import { machineName } from "../../../benchmarks/harness/machine_name.ts";
import { contentHash } from "../../files/content_hash.ts";
import { tableToText } from "../../plots/tables/table.ts";
import { gitState } from "../../runs/folder/machine.ts";
import { hasPeers, peersPython } from "../../setup/benchmark_peers.ts";
import { withLock } from "../../setup/steps/lock.ts";
import { projectRoot, toolPaths } from "../../setup/tool_paths.ts";
import { typed } from "../../setup/typed.ts";
import { exitWith } from "../../terminal/exit_with.ts";
import { listenForInterrupts } from "../../terminal/interrupts.ts";
import { readArguments } from "../../terminal/read_arguments.ts";
import { shortPath } from "../../terminal/short_path.ts";
import { refuse, showHelp, UsageError } from "../../terminal/usage.ts";
import { columns } from "../../text/columns.ts";
import { unknownName } from "../../text/unknown_name.ts";
import { cohortLines } from "../../workbench/choices.ts";
import { findCohort } from "../../workbench/cohort_paths.ts";
import { findStudy } from "../../workbench/load_study.ts";
import { resultsFolder } from "../../workbench/project.ts";

const usage = async () =>
  `Usage: ${typed("bench-nnunet --cohort <cohort> [options]")}

Trains Consilium's oracle and nnU-Net on the cohort with every label shown, each
within budgets of minutes of wall clock, and scores the validation scans of all
by one program. ${typed("bench-setup")} installs the peers.
Results go to results/benchmarks/<machine>/beside_nnunet/<cohort>; each is kept
as soon as it is there, and the same command measures what is missing. Nothing
else should run meanwhile.

Contestants:
${columns(Object.entries(CONTESTANTS).map(([name, { title }]) => [name, title] as const))}

Cohorts (or the path of a JSON file):
${await cohortLines()}

Options:
  --cohort <name>        needed
  --budgets <minutes>    from the program's start to the last label map
                         (default: ${DEFAULT_BUDGETS})
  --contestants <names>  (default: all)`;

const DEFAULT_BUDGETS = "5,10,20,40";

const options = {
  cohort: { type: "string" },
  budgets: { type: "string" },
  contestants: { type: "string" },
} as const;

/** Runs the command; returns the exit code. */
export async function benchNnunet(args: string[]): Promise<number> {
  const { values } = readArguments(args, { action: "bench", options, most: 0 });
  if (values.help) return showHelp(await usage());
  const { cohort } = values;
  if (!cohort) return refuse(await usage(), "Cannot bench: --cohort is missing");
  const budgets = readBudgets(values.budgets ?? DEFAULT_BUDGETS);
  const contestants = readContestants(values.contestants ?? Object.keys(CONTESTANTS).join(","));
  if (!hasPeers()) {
    throw new Error(`Cannot bench: the peers are missing; type first: ${typed("bench-setup")}`);
  }
  return await withLock(
    join(projectRoot, ".setup", "bench_lock"),
    () => compareAll(cohort, { budgets, contestants }),
    { onWait: () => console.error("Waiting for another bench of this folder to end …") },
  );
}

interface Asked {
  budgets: readonly number[];
  contestants: readonly ContestantName[];
}

/** @throws UsageError where one is no positive number */
function readBudgets(text: string): number[] {
  const budgets = text.split(",").map(Number);
  if (budgets.every((minutes) => minutes > 0 && Number.isFinite(minutes))) return [...new Set(budgets)];
  throw new UsageError(
    `Cannot bench: budgets must be positive minutes, such as 5,10; current value is ${text}`,
  );
}

/** @throws UsageError where there is none of a name */
function readContestants(text: string): ContestantName[] {
  const known = Object.keys(CONTESTANTS), names = text.split(",");
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`Cannot bench: a contestant ${unknownName(unknown, known)}`);
  }
  return [...new Set(names)] as ContestantName[];
}

async function compareAll(cohort: string, { budgets, contestants }: Asked): Promise<number> {
  const interrupts = listenForInterrupts(() => {});
  const study = await findStudy(cohort, { showAll: true, trains: true });
  const python = peersPython(), machine = await benchmarkMachine();
  for (const [name, value] of Object.entries(sharedCap())) Deno.env.set(name, value); // contestants inherit it
  const { cohort: settings, fold } = await findCohort(cohort, { trains: true });
  const folder = join(resultsFolder, "benchmarks", machineName(machine), "beside_nnunet", study.name);
  const begun = { cohort: study.name, cohortHash: await contentHash([settings, fold]), machine };
  const { path: results, record } = await openComparison(folder, begun);
  console.error(`Machine: ${describeMachine(machine)}\nResults: ${shortPath(results)}`);
  const names = missingOf(record, { contestants, budgets }).map(describe);
  const temporary = await Deno.makeTempDir({ prefix: "consilium_bench_" });
  try {
    const complete = await Promise.race([
      compare(record, {
        cohort,
        study,
        contestants,
        budgetsMinutes: budgets,
        deno: toolPaths().deno,
        python,
        temporary,
        results,
        progress: showBenchmarks([RAW_DATA, ...names]),
        versions: await benchmarkVersions(python),
        git: await gitState(),
      }),
      aborted(interrupts.stop),
    ]);
    console.log(tableToText(await writeComparisonOutputs(results, complete)));
    return 0;
  } catch (error) {
    if (!interrupts.stop.aborted) throw error;
    console.error("\nStopped; the same command goes on from there.");
    return 130; // whoever was being measured dies with this process
  } finally {
    // A contestant that still writes when it was stopped may hinder it.
    await Deno.remove(temporary, { recursive: true }).catch(() => {});
  }
}

if (import.meta.main) await exitWith(benchNnunet, { onError: 1 });

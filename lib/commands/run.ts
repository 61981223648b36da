/**
 * `deno task run <experiment> [--cohort <name>] [--seed <n>] [--set name=value]…`: executes an experiment's notebook.
 *
 * Exits 1 when the run failed, 2 when it was called wrongly, 130 when it was stopped.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { organTable } from "../plots/organ_table.ts";
import { tableToText } from "../plots/table.ts";
import { readMetrics } from "../runs/read_run.ts";
import { exitWith } from "./exit_with.ts";
import { listenForInterrupts } from "./interrupts.ts";
import { describeEnd, runArm } from "./run_arm.ts";

const USAGE = `Usage: deno task run <experiment> [--cohort <cohort>] [--seed <n>] [--set name=value]…

An experiment is a notebook of experiments/; a cohort is a name of experiments/cohorts or the path of a JSON file.
--set gives any parameter of the notebook another value. Results are in results/<cohort>/<experiment>/. A run that was
stopped, failed or killed goes on when the same command is given again; a finished one is shown.`;

/** Runs the command; returns the exit code. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals: [experiment, ...others] } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      cohort: { type: "string" },
      seed: { type: "string" },
      set: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help || experiment === undefined || others.length > 0) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  const assignments = [
    ...values.cohort === undefined ? [] : [`cohort=${values.cohort}`],
    ...values.seed === undefined ? [] : [`seed=${values.seed}`],
    ...values.set,
  ];
  const interrupts = listenForInterrupts(() =>
    console.error("\nStopping after this step; again to stop at once …")
  );
  const result = await runArm(experiment, assignments, interrupts);
  if (!result.failure) {
    console.log(tableToText(organTable(await readMetrics({ folder: result.folder.path }))));
  }
  console.error(describeEnd(result));
  return result.stopped ? 130 : result.failure ? 1 : 0;
}

if (import.meta.main) await exitWith(run);

/**
 * The command `run <experiment> [--cohort <name>] [--seed <n>] [--set name=value]…`: executes an experiment's notebook.
 *
 * Exits 1 when the run failed, 2 when it was called wrongly, 130 when it was stopped.
 *
 * @module
 */
import { parseFold, withFold } from "../data/cohorts/fold.ts";
import { organTable } from "../plots/arms/organ_table.ts";
import { tableToText } from "../plots/tables/table.ts";
import { readMetrics } from "../runs/folder/read_run.ts";
import { typed } from "../setup/typed.ts";
import { cohortLines, experimentLines, parameterLines } from "../workbench/choices.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { listenForInterrupts } from "../terminal/interrupts.ts";
import { requireExperiment } from "../workbench/project_experiments.ts";
import { forceOption, useForce } from "../terminal/force_option.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { describeEnd, runArm } from "../workbench/arms/run_arm.ts";
import { refuse, showHelp, UsageError } from "../terminal/usage.ts";
import { useGpu } from "../workbench/use_gpu.ts";

async function usage(): Promise<string> {
  return `Usage: ${typed("run <experiment> [options]")}

Runs an experiment's notebook, with results in results/<cohort>/<experiment>/.
A run that was stopped, failed or killed goes on when the same command is given
again; a finished one is shown.

Experiments:
${await experimentLines()}

Cohorts (or the path of a JSON file):
${await cohortLines()}

Options:
  --cohort <cohort>  the data (default: phantom)
  --fold <k/n>       test the k-th of n parts of the cohort's subjects, in place
                     of its test set; goes with --cohort
  --seed <n>         of weights, patches and augmentation (default: 1)
  --set name=value   another value of a parameter; as often as wanted
  --gpu <n>          of several GPUs the one with this number, or none
  --fresh            compute everything anew, into another version
  --force            take voxels that no scan of a person has, and scans that
                   only look alike, as they are

An experiment's parameters:
  ${typed("run <experiment> --help")}`;
}

/** Of one experiment. */
async function parameterUsage(experiment: string): Promise<string> {
  await requireExperiment(experiment);
  return `Usage: ${typed(`run ${experiment} [--set name=value]…`)}

The parameters of ${experiment} with their defaults:
${await parameterLines(experiment)}

--cohort x and --seed n are short for --set cohort=x and --set seed=n.`;
}

const options = {
  cohort: { type: "string" },
  fold: { type: "string" },
  seed: { type: "string" },
  set: { type: "string", multiple: true, default: [] as string[] },
  gpu: { type: "string" },
  fresh: { type: "boolean" },
  ...forceOption,
} as const;

/** Runs the command; returns the exit code. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals: [experiment] } = readArguments(args, { action: "run", options, most: 1 });
  if (values.help) {
    return showHelp(experiment === undefined ? await usage() : await parameterUsage(experiment));
  }
  if (experiment === undefined) return refuse(await usage(), "Cannot run: no experiment is named");
  if (values.fold !== undefined && values.cohort === undefined) {
    throw new UsageError("Cannot run: --fold goes with --cohort, of whose subjects it is a part");
  }
  const fold = values.fold === undefined ? undefined : parseFold(values.fold);
  const assignments = [
    ...values.cohort === undefined ? [] : [`cohort=${withFold(values.cohort, fold)}`],
    ...values.seed === undefined ? [] : [`seed=${values.seed}`],
    ...values.set,
  ];
  useForce(values);
  useGpu(values.gpu);
  const interrupts = listenForInterrupts(() =>
    console.error("\nStopping after this step; again to stop at once …")
  );
  const result = await runArm(experiment, assignments, { interrupts, fresh: values.fresh });
  if (!result.failure) {
    console.log(tableToText(organTable(await readMetrics({ folder: result.folder.path }))));
  }
  console.error(describeEnd(result));
  return result.stopped ? 130 : result.failure ? 1 : 0;
}

if (import.meta.main) await exitWith(run);

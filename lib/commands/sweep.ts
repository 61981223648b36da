/**
 * The command `sweep <file>`: runs all members of a sweep, here or as a Slurm job array, or prints a text that another batch system runs.
 *
 * Exits 1 when a member failed, 2 when it was called wrongly or a member is wrong (nothing is run then), 130 when it was
 * stopped.
 *
 * @module
 */
import { table, tableToText } from "../plots/tables/table.ts";
import { executionNotices } from "../runs/notebooks/experiment_notebook.ts";
import { requireLocks } from "../runs/sweeps/require_locks.ts";
import { parseShare, shareOf } from "../runs/sweeps/share.ts";
import { type Engine, engines } from "../runs/sweeps/sweep_script.ts";
import { readSweep } from "../runs/sweeps/sweep.ts";
import { gpuVariable, listGpus } from "../tensors/gpu.ts";
import { unknownName } from "../text/unknown_name.ts";
import { typed } from "../setup/typed.ts";
import { resultsFolder } from "../workbench/project.ts";
import { sweepLines } from "../workbench/choices.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { findSweep } from "../workbench/sweeps/find_sweep.ts";
import { wholeNumber } from "../terminal/whole_number.ts";
import { forceOption, useForce } from "../terminal/force_option.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { shortPath } from "../terminal/short_path.ts";
import { printSweep } from "../workbench/sweeps/print_sweep.ts";
import { submitSweep } from "../workbench/sweeps/submit_sweep.ts";
import { checkMembers, readyMembers, type SweepMemberState } from "../workbench/sweeps/sweep_members.ts";
import { stoppableRuns } from "../workbench/sweeps/stoppable_runs.ts";
import { describeMemberEnd } from "../workbench/sweeps/sweep_progress.ts";
import { refuse, showHelp, UsageError } from "../terminal/usage.ts";
import { useGpu } from "../workbench/use_gpu.ts";

async function usage(): Promise<string> {
  return `Usage: ${typed("sweep <file> [options]")}

A sweep is a JSON file, or a name of experiments/sweeps: axes (experiment,
cohort, seed, any parameter of the experiments' notebooks) whose product are its
members. Finished members are skipped, stopped ones resumed; when one fails the
others go on. Ctrl-C stops in order, a second one at once; the same command goes
on from there.

Sweeps:
${await sweepLines()}

Options:
  --jobs <n>         run n members at once (default: 1); of several GPUs each
                     gets one in turn
  --gpu <n>          the GPU with this number for all members, or none
  --array <i>/<n>    run the i-th of n shares of the members
  --list             say which members are finished, stopped or open
  --slurm            submit the sweep as a Slurm job array
  --print <engine>   print what runs the sweep elsewhere, and start nothing:
                     slurm, sge and pbs (scripts of job arrays), k8s (an
                     Indexed Job), shell (a loop of POSIX, --jobs at once);
                     --slurm --print is --print slurm
  --force            take voxels that no scan of a person has, and scans that
                     only look alike, as they are`;
}

const options = {
  jobs: { type: "string", default: "1" },
  gpu: { type: "string" },
  ...forceOption,
  array: { type: "string" },
  list: { type: "boolean" },
  slurm: { type: "boolean" },
  print: { type: "string" },
} as const;

/** Runs the command; returns the exit code. */
export async function sweep(args: string[]): Promise<number> {
  const { values, positionals: [file] } = readArguments(withEngine(args), {
    action: "sweep",
    options,
    most: 1,
  });
  if (values.help) return showHelp(await usage());
  if (file === undefined) return refuse(await usage(), "Cannot sweep: no sweep is named");
  const engine = engineOf(values);
  if ((values.slurm || engine) && values.array !== undefined) {
    const option = values.slurm ? "--slurm" : "--print";
    throw new UsageError(`Cannot sweep: ${option} makes the shares of --array itself; give one of them`);
  }
  useForce(values);
  const jobs = wholeNumber(values.jobs, { action: "sweep", name: "jobs", least: 1 });
  useGpu(values.gpu);
  const path = await findSweep(file);
  const share = values.array === undefined ? { index: 1, count: 1 } : parseShare(values.array);
  const content = await readSweep(path);
  const checked = shareOf(await checkMembers(content, path), share);
  const notices = new Set(checked.flatMap(({ arm }) => executionNotices(arm.notebook)));
  for (const notice of notices) console.error(notice);
  const runs = stoppableRuns();
  const members = await readyMembers(checked, path, {
    signal: runs.stop,
    // What submits or lists may lack what the nodes of a cluster have.
    here: !values.slurm && !values.list && !engine,
  });
  if (engine) {
    const text = printSweep(path, { engine, jobs, sweep: content, members });
    if (text === undefined) console.error("All members are finished; there is nothing to run.");
    else console.log(text.trimEnd());
    return 0;
  }
  if (values.list) {
    listMembers(members);
    return 0;
  }
  // Behind all that may be refused: trying locks makes the folder of results.
  await requireLocks(resultsFolder, { shared: values.slurm });
  if (values.slurm) return await submitSweep(path, { sweep: content, members });
  console.error(describeMembers(members));
  const open = members.filter(({ state }) => state !== "finished");
  const ends = await runs.run(members, { jobs, retries: content.retries, environments: await gpuEach() });
  const failed = ends.filter(({ status }) => status === "failed");
  const finished = ends.filter(({ status }) => status === "finished").length;
  const stopped = open.length - finished - failed.length;
  console.error(
    `Finished: ${members.length - open.length + finished} of ${members.length}` +
      `${failed.length > 0 ? `, ${failed.length} failed` : ""}` +
      `${stopped > 0 ? `, ${stopped} stopped; the same command goes on from there` : ""}.`,
  );
  for (const end of failed) console.error(describeMemberEnd(end));
  return stopped > 0 ? 130 : failed.length > 0 ? 1 : 0;
}

/** `--slurm --print` without an engine is `--print slurm`. */
function withEngine(args: readonly string[]): string[] {
  const isEngine = (word = "") => (engines as readonly string[]).includes(word);
  const slurm = args.includes("--slurm");
  return args.map((word, index) =>
    slurm && word === "--print" && !isEngine(args[index + 1]) ? "--print=slurm" : word
  );
}

function engineOf({ print, slurm }: { print?: string; slurm?: boolean }): Engine | undefined {
  if (print === undefined) return undefined;
  const engine = engines.find((name) => name === print);
  if (!engine) throw new UsageError(`Cannot sweep: the engine of --print ${unknownName(print, engines)}`);
  if (slurm && engine !== "slurm") {
    throw new UsageError(`Cannot sweep: --slurm submits to Slurm; --print ${engine} goes without it`);
  }
  return engine;
}

/** Of several GPUs one for each of the members that run at once; nothing where one was chosen, or there are not several. */
async function gpuEach(): Promise<Record<string, string>[]> {
  const gpus = Deno.env.get(gpuVariable) ? [] : await listGpus(Deno.env);
  return gpus.length > 1 ? gpus.map(({ index }) => ({ [gpuVariable]: String(index) })) : [];
}

function listMembers(members: readonly SweepMemberState[]): void {
  const failed = members.filter(({ state }) => state === "failed");
  const changed = Map.groupBy(
    members.filter(({ unlike }) => unlike.length > 0),
    ({ unlike }) => unlike.join(", "),
  );
  console.log(tableToText(table(members.map(({ label, state }) => ({ member: label, state })), {
    columns: ["member", "state"],
    notes: [
      describeMembers(members),
      ...[...changed].map(([what, { length }]) =>
        `Open in spite of an earlier run, since that differs in ${what}: ${length}`
      ),
      ...failed.map(({ label, run }) => `${label} failed: ${shortPath(run!.path)}/notebook.ipynb`),
    ],
  })));
}

/** `27 members: 12 finished, 1 stopped, 14 open`. */
function describeMembers(members: readonly SweepMemberState[]): string {
  const states = Map.groupBy(members, ({ state }) => state);
  const counts = [...states].map(([state, group]) => `${group.length} ${state}`);
  const count = members.length === 1 ? "1 member" : `${members.length} members`;
  return [count, ...counts.length > 0 ? [counts.join(", ")] : []].join(": ");
}

if (import.meta.main) await exitWith(sweep);

/**
 * A sweep as a Slurm job array. The folder of results is where its tasks meet.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { writeJson, writeWholeFile } from "../../files/whole_file.ts";
import { shareOf } from "../../runs/sweeps/share.ts";
import { slurmScript } from "../../runs/sweeps/slurm_script.ts";
import type { Sweep } from "../../runs/sweeps/sweep.ts";
import { MISSING, toolOutput } from "../../setup/tool_output.ts";
import { toolPaths } from "../../setup/tool_paths.ts";
import { shellWord, typed } from "../../setup/typed.ts";
import { dataRoot, projectFolder, resultsFolder, slurmFolder } from "../project.ts";
import { shortPath } from "../../terminal/short_path.ts";
import type { SweepMemberState } from "./sweep_members.ts";

export interface SubmitSweepOptions {
  sweep: Sweep;
  /** All members of the sweep. */
  members: readonly SweepMemberState[];
  /** Print the batch script; submit and write nothing. @default false */
  printOnly?: boolean | undefined;
}

/**
 * Submits the shares of a sweep that have members to run. The tasks run a copy of the sweep's file, so that editing it
 * changes nothing of what was submitted.
 *
 * @returns the exit code
 * @throws Error when sbatch does not take it
 */
export async function submitSweep(path: string, options: SubmitSweepOptions): Promise<number> {
  const { sweep, members, printOnly = false } = options;
  const name = basename(path, ".json");
  const count = Math.min(sweep.slurm.tasks ?? members.length, members.length);
  const shares = Array.from({ length: count }, (_, place) => place + 1).filter((index) =>
    shareOf(members, { index, count }).some(({ state }) => state !== "finished")
  );
  if (shares.length === 0) {
    console.error("All members are finished; there is nothing to submit.");
    return 0;
  }
  const folder = join(slurmFolder, name, new Date().toISOString().replace(/\..*/, "").replaceAll(":", "-"));
  const copy = join(folder, `${name}.json`);
  const script = slurmScript(copy, {
    name,
    project: projectFolder,
    deno: toolPaths().deno,
    logs: folder,
    count,
    shares,
    slurm: sweep.slurm,
    retries: sweep.retries,
    env: { CONSILIUM_RESULTS: resultsFolder, CONSILIUM_DATA: dataRoot() },
  });
  if (printOnly) {
    console.log(script.trimEnd());
    return 0;
  }
  await writeJson(copy, sweep);
  const batch = join(folder, "batch.sh");
  await writeWholeFile(batch, script);
  const job = await sbatch(batch);
  console.error(
    `Submitted ${shares.length} tasks as job ${job}. Their logs: ${shortPath(folder)}/task_<n>.log\n` +
      `squeue --job ${job} shows the tasks; the members: ${typed(`sweep ${shellWord(path)} --list`)}`,
  );
  return 0;
}

/** Submits a script; returns the job's number. */
async function sbatch(script: string): Promise<string> {
  const output = await toolOutput("sbatch", ["--parsable", script]);
  if (output.code === MISSING) {
    throw new Error("Cannot submit: sbatch must be installed; --print shows the batch script");
  }
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!output.success) throw new Error(`Cannot submit: ${text(output.stderr)} (${script})`);
  return text(output.stdout).split(";")[0]!;
}

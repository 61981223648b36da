/**
 * A sweep as a Slurm job array. The folder of results is where its tasks meet.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { writeJson, writeWholeFile } from "../../files/whole_file.ts";
import { slurmScript } from "../../runs/sweeps/slurm_script.ts";
import { MISSING, toolOutput } from "../../setup/tool_output.ts";
import { toolPaths } from "../../setup/tool_paths.ts";
import { shellWord, typed } from "../../setup/typed.ts";
import { projectFolder, slurmFolder } from "../project.ts";
import { shortPath } from "../../terminal/short_path.ts";
import { openShares, type SweepShares } from "./open_shares.ts";
import { taskEnvironment } from "./print_sweep.ts";

/**
 * Submits the shares of a sweep that have members to run. The tasks run a copy of the sweep's file, so that editing it
 * changes nothing of what was submitted.
 *
 * @returns the exit code
 * @throws Error when sbatch does not take it
 */
export async function submitSweep(path: string, { sweep, members }: SweepShares): Promise<number> {
  const name = basename(path, ".json");
  const { count, shares } = openShares({ sweep, members });
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
    env: taskEnvironment(),
  });
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
    throw new Error("Cannot submit: sbatch must be installed; --slurm --print shows the batch script");
  }
  if (!output.success) throw new Error(`Cannot submit: ${output.stderr.trim()} (${script})`);
  return output.stdout.trim().split(";")[0]!;
}

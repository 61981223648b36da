/**
 * A sweep as text for a batch system, or for any shell. Nothing is written or started.
 *
 * @module
 */
import { basename, dirname, resolve } from "@std/path";
import { kubernetesJob } from "../../runs/sweeps/kubernetes_job.ts";
import { pbsScript } from "../../runs/sweeps/pbs_script.ts";
import { sgeScript } from "../../runs/sweeps/sge_script.ts";
import { shellScript } from "../../runs/sweeps/shell_script.ts";
import { slurmScript } from "../../runs/sweeps/slurm_script.ts";
import type { Engine } from "../../runs/sweeps/sweep_script.ts";
import { toolPaths } from "../../setup/tool_paths.ts";
import { launcherPath } from "../../setup/typed.ts";
import { dataRoot, projectFolder, resultsFolder } from "../project.ts";
import { openShares, type SweepShares } from "./open_shares.ts";

export interface PrintSweepOptions extends SweepShares {
  engine: Engine;
  /** Shares that a shell runs at once. */
  jobs: number;
}

/**
 * The text. It runs the sweep's file itself; all engines but Slurm begin a task for each share, which ends at once where all of its
 * members are finished.
 *
 * @returns undefined when all members are finished
 */
export function printSweep(
  path: string,
  { engine, jobs, sweep, members }: PrintSweepOptions,
): string | undefined {
  const file = resolve(path);
  const { count, shares } = openShares({ sweep, members });
  if (shares.length === 0) return undefined;
  const { slurm: wants, retries } = sweep;
  const env = taskEnvironment();
  const name = basename(path, ".json");
  const options = { name, consilium: launcherPath(), count, wants, retries, env };
  switch (engine) {
    case "slurm":
      return slurmScript(file, {
        name,
        project: projectFolder,
        deno: toolPaths().deno,
        logs: Deno.cwd(),
        count,
        shares,
        slurm: wants,
        retries,
        env,
      });
    case "k8s":
      return kubernetesJob(file, {
        ...options,
        folders: [projectFolder, resultsFolder, resolve(dataRoot()), dirname(file)],
      });
    case "sge":
      return sgeScript(file, options);
    case "pbs":
      return pbsScript(file, options);
    case "shell":
      return shellScript(file, { ...options, jobs });
  }
}

/** Where tasks find data and results, wherever they run. */
export function taskEnvironment(): Record<string, string> {
  return { CONSILIUM_RESULTS: resultsFolder, CONSILIUM_DATA: resolve(dataRoot()) };
}

/**
 * One experiment from its notebook to a whole run folder.
 *
 * @module
 */
import { join } from "@std/path";
import { writeWholeFile } from "../../files/whole_file.ts";
import { describeRun, type RunSource } from "../folder/describe_run.ts";
import {
  executeNotebook,
  type ExecuteOptions,
  failureText,
  type NotebookFailure,
} from "./execute_notebook.ts";
import type { ExperimentNotebook } from "./experiment_notebook.ts";
import type { Parameters } from "./parameters.ts";
import { publishNotebook } from "./redact_scans.ts";
import { openRunFolder, type RunFolder } from "../folder/run_folder.ts";
import { runFolderVariable } from "./notebook_file.ts";
import { readTextIfThere } from "../../files/whole_file.ts";

export interface ExperimentOptions
  extends RunSource, Pick<ExecuteOptions, "tools" | "cwd" | "env" | "stop" | "kill" | "onEvent"> {
  notebook: ExperimentNotebook;
  /** The data's licence allows pictures of scans in the notebook that is kept. */
  publishScans: boolean;
  /** Called when the folder is known, before the notebook starts. */
  onFolder: (folder: RunFolder) => void;
}

export interface ExperimentResult {
  folder: RunFolder;
  /** What failed; absent when the run is finished, now or before. */
  failure?: NotebookFailure;
  /** It ended because it was asked to. */
  stopped: boolean;
}

/**
 * Runs an experiment's notebook in a new folder, in that of its unfinished run, or returns the identical finished run.
 *
 * The folder is held for as long as the notebook runs. A failed or stopped run is kept, with its notebook up to the
 * failing cell, and marked. What is executed is the notebook as it was read, whatever an editor saves meanwhile.
 *
 * @param parameters all of them: the values of the notebook's own cell are of no effect
 * @throws Error before anything is written when parameters are wrong, or the very same run is in progress
 */
export async function runExperiment(
  experiment: string,
  parameters: Parameters,
  options: ExperimentOptions,
): Promise<ExperimentResult> {
  options.stop?.throwIfAborted();
  const folder = await openRunFolder(options.results, await describeRun(experiment, parameters, options));
  options.onFolder(folder);
  if (folder.origin === "finished") return { folder, stopped: false };
  const output = join(folder.path, "notebook.ipynb");
  const source = join(folder.path, "source.ipynb");
  try {
    await writeWholeFile(source, options.notebook.text);
    let failure = await executeNotebook(source, {
      ...options,
      output,
      parameters,
      env: { ...options.env, [runFolderVariable]: folder.path },
      events: join(folder.path, "progress.jsonl"),
    }).finally(() => Deno.remove(source));
    if (!failure && await readTextIfThere(join(folder.path, "metrics.csv")) === undefined) {
      failure = {
        name: "UnfinishedRun",
        message: "The notebook ended without run.finish(scores)",
        cell: null,
      };
    }
    if (failure) {
      const stopped = options.stop?.aborted ?? false;
      await folder.end(stopped ? "stopped" : "failed", failureText(failure));
      return { folder, failure, stopped };
    }
    await publishNotebook(output, { to: output, publishScans: options.publishScans });
    await folder.end("finished");
    return { folder, stopped: false };
  } catch (error) {
    await folder.end("failed", (error as Error).message);
    throw error;
  }
}

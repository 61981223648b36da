/** Runs the toy notebook of a folder. As a program: `toy_task.ts <folder>`. */
import { join } from "@std/path";
import { readExperiment } from "../../../lib/runs/notebooks/experiment_notebook.ts";
import {
  type ExperimentOptions,
  type ExperimentResult,
  runExperiment,
} from "../../../lib/runs/notebooks/run_experiment.ts";
import { projectRoot, toolPaths } from "../../../lib/setup/tool_paths.ts";
import { fakeOptions } from "./fake_training.ts";

export type ToyTaskOptions = Partial<Pick<ExperimentOptions, "stop" | "onEvent" | "onFolder">>;

export async function runToy(folder: string, options: ToyTaskOptions = {}): Promise<ExperimentResult> {
  return await runExperiment("toy", { cohort: "toy", seed: 2 }, {
    ...fakeOptions(join(folder, "results")),
    notebook: await readExperiment("toy", join(folder, "toy.ipynb")),
    publishScans: false,
    tools: toolPaths(),
    cwd: projectRoot,
    stop: options.stop,
    onEvent: options.onEvent ?? (() => {}),
    onFolder: options.onFolder ?? (() => {}),
  });
}

if (import.meta.main) await runToy(Deno.args[0]!);

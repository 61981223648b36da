/**
 * How an experiment's notebook begins: its cohort is loaded, its run started in the project's results.
 *
 * @module
 */
import { checkParameters } from "../../methods/definition/check_parameters.ts";
import { versionOfExperiment } from "../../methods/experiments.ts";
import { loadTensors, saveTensors } from "../../models/checkpoint.ts";
import { readNotebook } from "../../runs/notebooks/notebook.ts";
import type { Parameters } from "../../runs/notebooks/parameters.ts";
import { openRun, type Run } from "../../runs/open_run.ts";
import type { ScoreRow } from "../../metrics/score_row.ts";
import { gpuInUse } from "../../tensors/gpu_in_use.ts";
import { tf } from "../../tensors/tf.ts";
import { type LoadedStudy, loadStudy, type LoadStudyOptions } from "../load_study.ts";
import { resultsFolder } from "../project.ts";
import { armWork, oddities } from "./arm_work.ts";
import { executedNotebook } from "./executed_notebook.ts";
import { historyFigure } from "./history_figure.ts";
import { inNotebook } from "./in_notebook.ts";
import { requireOwn } from "./made_by.ts";

/**
 * {@linkcode loadStudy}, with its progress below the cell and an ear for the stop button.
 *
 * @example
 * ```ts
 * import { loadCohort } from "consilium/train";
 *
 * const study = await loadCohort("phantom");
 * ```
 */
export function loadCohort(
  name: string,
  options: Pick<LoadStudyOptions, "showAll" | "vectors"> = {},
): Promise<LoadedStudy> {
  return inNotebook("preparing scans", (work) => loadStudy(name, { ...options, ...work }));
}

/**
 * Starts a run of an experiment in the project's results: the identical finished one, the unfinished one, or a new one.
 *
 * @example
 * ```ts
 * import { startRun } from "consilium/train";
 *
 * const run = await startRun("mutual", study, { cohort: "phantom", seed: 1, featureDifference: 0.2 });
 * ```
 */
export async function startRun(
  experiment: string,
  study: LoadedStudy,
  parameters: Parameters,
): Promise<Run> {
  checkParameters(experiment, parameters);
  for (const odd of oddities(experiment, { parameters, study })) console.log(odd);
  const notebook = await executedNotebook(experiment);
  const run = await openRun(experiment, parameters, {
    results: resultsFolder,
    notebook,
    cohort: study.name,
    data: study.data,
    methodVersion: versionOfExperiment(experiment),
    historyFigure,
    plan: armWork(experiment, await readNotebook(notebook), { parameters, study }),
    storage: { saveState: saveTensors, loadState: loadTensors },
    machine: { gpu: await gpuInUse() },
    versions: {
      tensorflow: (tf.backend() as unknown as { binding: { TF_Version: string } }).binding.TF_Version,
    },
  });
  const { finish } = run;
  return Object.assign(run, {
    async finish(scores: readonly ScoreRow[]) {
      requireOwn(scores, { run, what: "scores", action: "finish the run" });
      await finish(scores);
    },
  });
}

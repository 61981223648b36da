/**
 * What an arm's notebook is going to do, for the time left.
 *
 * It is read off the notebook's calls, before any of them runs. Each stage says what its work really is once it begins, so that
 * what a notebook hides from this reading makes a forecast worse, and nothing else.
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import { copiesOf } from "../../labels/pseudo_filters.ts";
import { experimentValues, findExperiment } from "../../methods/experiments.ts";
import { planStage, requireTrainable } from "../../methods/definition/plan_stage.ts";
import type { Inference } from "../../models/inference_rule.ts";
import type { Notebook } from "../../runs/notebooks/notebook.ts";
import type { Parameters } from "../../runs/notebooks/parameters.ts";
import type { StageWork } from "../../runs/progress/forecast.ts";
import { completionWork, stageWork, testWork, type Work } from "../../training/work.ts";
import { caseInputs } from "../../methods/definition/method.ts";
import { pseudoLabelOptions } from "./pseudo_label_options.ts";
import { inferenceBy } from "./run_method.ts";

export interface ArmWorkOptions {
  parameters: Parameters;
  study: PreparedStudy;
}

/** What a run says while it draws. */
export const FIGURES = "figures";

/**
 * The stages that the notebook of an experiment will come to, in its order, none of their work done.
 *
 * @throws Error with what the study lacks for a stage of the experiment's method
 */
export function armWork(experiment: string, notebook: Notebook, options: ArmWorkOptions): StageWork[] {
  requireTrainableExperiment(experiment, options);
  const code = notebook.cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source)
    .join("\n");
  const calls = code.matchAll(/\b(?:trainStage\([^"')]*["'](\w+)["']|(completeLabels|evaluate)\()/g);
  const stages = [...calls].flatMap(([, stage, call]) =>
    stage !== undefined
      ? trainingWork(experiment, stage, options)
      : call === "evaluate"
      ? evaluationWork(experiment, options)
      : [labelWork(options)]
  );
  const figures = code.match(/\bkeepFigure\(/g)?.length ?? 0;
  return [...stages, { stage: FIGURES, work: [{ kind: "figure", done: 0, count: figures, passes: 1 }] }];
}

/** @throws Error with what the study lacks for a stage of the experiment's method */
export function requireTrainableExperiment(experiment: string, { parameters, study }: ArmWorkOptions): void {
  requireTrainable(study, Object.values(findExperiment(experiment)?.method.stages ?? {}), {
    values: parameters,
    action: `run ${experiment} on ${study.name}`,
  });
}

/** What is odd about the experiment on its study and yet no error: sentences. */
export function oddities(
  experiment: string,
  { parameters, study }: Pick<ArmWorkOptions, "parameters"> & {
    study: Pick<PreparedStudy, "name" | "datasets">;
  },
): string[] {
  const odd = findExperiment(experiment)?.method.odd?.(study, experimentValues(experiment, parameters));
  return odd === undefined ? [] : [odd];
}

function trainingWork(experiment: string, name: string, { parameters, study }: ArmWorkOptions): StageWork[] {
  const stage = findExperiment(experiment)?.method.stages[name];
  if (!stage) return [];
  if (stage.when?.(experimentValues(experiment, parameters)) === false) return [];
  // Cases will have other labels then, and be as many; of models it matters for the work only how many there are.
  const completed = study.datasets.map(({ training }) => training);
  const inputs = Object.fromEntries(
    (stage.stage.inputs ?? []).map((
      input,
    ) => [input, caseInputs.includes(input) ? completed : study.datasets.map(({ name }) => ({ name }))]),
  );
  try {
    const { plan, settings } = planStage(study, stage, { values: parameters, inputs });
    const work = stageWork(plan, { ...study.training, steps: settings.steps, window: study.patch });
    return [{ stage: stage.stage.name, work }];
  } catch {
    // A plan may want what earlier stages will have made, such as models: its work is told once it begins.
    return [];
  }
}

function labelWork({ parameters, study }: ArmWorkOptions): StageWork {
  return {
    stage: "pseudo_labels",
    work: completionWork({
      cases: study.datasets.flatMap(({ training }) => training),
      models: study.datasets.length,
      organCount: study.organs.length,
      copies: copiesOf(pseudoLabelOptions(parameters).filters),
      window: study.patch,
    }),
  };
}

function evaluationWork(experiment: string, { parameters, study }: ArmWorkOptions): StageWork[] {
  const options = { inference: inferenceBy(experiment, parameters), models: study.datasets.length };
  const stages = parameters.postprocessing === true ? ["postprocessing", "test"] as const : ["test"] as const;
  return stages.map((stage) => ({ stage, work: scoringWork(study, { stage, ...options }) }));
}

export interface ScoringWorkOptions {
  /** Validation cases are scored for postprocessing, test cases for the table. */
  stage: "postprocessing" | "test";
  inference: Inference;
  models: number;
}

/** Work of predicting and scoring a stage's cases by so many models. */
export function scoringWork(
  { test, datasets, patch: window }: PreparedStudy,
  { stage, inference, models }: ScoringWorkOptions,
): Work[] {
  return testWork(stage, {
    count: stage === "test" ? test.length : datasets.flatMap(({ validation }) => validation).length,
    like: datasets.flatMap(({ training }) => training),
    models: inference === "best" ? 1 : models,
    window,
  });
}

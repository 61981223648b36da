/**
 * What an experiment's notebook calls: the stage routines, tied to the project's folders.
 *
 * @module
 */
import { join } from "@std/path";
import { maskLabels } from "../../data/mask_labels.ts";
import type { StoredCase } from "../../data/store/stored_case.ts";
import { loadScan } from "../../imaging/load_scan.ts";
import { toRas } from "../../imaging/orientation.ts";
import { resampleLabels } from "../../imaging/resample_labels.ts";
import { writeNifti } from "../../imaging/nifti/write_nifti.ts";
import { checkParameters } from "../../methods/check_parameters.ts";
import { saveBundle } from "../../models/bundle.ts";
import { loadTensors, saveTensors } from "../../models/checkpoint.ts";
import { predictionPrecision } from "../../models/prediction_precision.ts";
import type { Figure } from "../../plots/figure.ts";
import { drawFigure } from "../../plots/rendering/draw_figure.ts";
import { readNotebook } from "../../runs/notebooks/notebook.ts";
import type { Parameters } from "../../runs/notebooks/parameters.ts";
import type { PseudoLabelRow } from "../../runs/tables/pseudo_labels.ts";
import type { ScoreRow } from "../../runs/tables/scores.ts";
import { type Run, startRun as startRecordedRun } from "../../runs/start_run.ts";
import { gpuInUse } from "../../tensors/gpu_in_use.ts";
import { tf } from "../../tensors/tf.ts";
import {
  type CompletedStudy,
  completeStudy,
  type CompleteStudyOptions,
} from "../../labels/complete_study.ts";
import { evaluateCases } from "../../inference/evaluate.ts";
import { methodVersion } from "../../training/method_version.ts";
import { predictorOf } from "../../inference/predictor.ts";
import { segmentScan } from "../../inference/segment_scan.ts";
import type { TrainedModel } from "../../training/team.ts";
import { doneOf, testWork } from "../../training/work.ts";
import { armWork, FIGURES } from "./arm_work.ts";
import { describeOrgans } from "../prediction/describe_organs.ts";
import { historyFigure } from "./history_figure.ts";
import { executedNotebook } from "./executed_notebook.ts";
import { findStudy, type LoadedStudy, loadStudy } from "../load_study.ts";
import { inNotebook } from "./in_notebook.ts";
import { madeBy, requireOwn } from "./made_by.ts";
import { resultsFolder } from "../project.ts";
import { requireSettings } from "./stage_settings.ts";

/** {@linkcode loadStudy}, with its progress below the cell and an ear for the stop button. */
export function loadCohort(name: string, options: { showAll?: boolean } = {}): Promise<LoadedStudy> {
  return inNotebook("preparing scans", (work) => loadStudy(name, { ...options, ...work }));
}

/** Starts a run of an experiment in the project's results: the identical finished one, the unfinished one, or a new one. */
export async function startRun(
  experiment: string,
  study: LoadedStudy,
  parameters: Parameters,
): Promise<Run> {
  checkParameters(parameters);
  const notebook = await executedNotebook(experiment);
  const run = await startRecordedRun(experiment, parameters, {
    results: resultsFolder,
    notebook,
    cohort: study.name,
    data: study.data,
    methodVersion,
    historyFigure,
    plan: armWork(await readNotebook(notebook), { parameters, study }),
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

/**
 * Completes the training cases by pseudo labels and writes pseudo_labels.csv; hidden truth is for that report only.
 *
 * @throws Error when study, options or models are not those of the run
 */
export async function completeLabels(
  study: LoadedStudy,
  run: Run,
  options: Omit<CompleteStudyOptions, "hiddenTruth"> & { models: readonly TrainedModel[] },
): Promise<CompletedStudy & { report: PseudoLabelRow[] }> {
  const action = "complete labels";
  requireSettings(action, { study, run, options });
  requireOwn(options.models, { run, what: "models", action });
  return await run.during(() => completeAndReport(study, run, options));
}

async function completeAndReport(
  study: LoadedStudy,
  run: Run,
  options: Omit<CompleteStudyOptions, "hiddenTruth"> & { models: readonly TrainedModel[] },
): Promise<CompletedStudy & { report: PseudoLabelRow[] }> {
  noteArithmetic(study, run);
  const completion = await completeStudy(study, run, { ...options, hiddenTruth: await truthOf(study) });
  const report = completion.rows.map(({ verdict, organ, ...row }): PseudoLabelRow => ({
    case: row.case,
    dataset: row.dataset,
    organ: study.organs[organ - 1].name,
    kept: verdict === "",
    filter: verdict,
    voxels: row.voxels,
    confidence: row.confidence,
    dice: row.dice,
  }));
  await run.writePseudoLabels(report);
  madeBy(run, completion.completed);
  return { ...completion, report };
}

/** Of models that a machine with other arithmetic trained the run says, once, what they predict in here. */
export function noteArithmetic(
  { network }: Pick<LoadedStudy, "network">,
  run: Pick<Run, "note" | "record">,
): void {
  const { note } = predictionPrecision(network.precision);
  if (note && !run.record.notes.includes(note)) run.note(note);
}

/** Reads training cases' label maps with every annotated organ, on the training grid. */
export async function truthOf(study: LoadedStudy) {
  const open = await findStudy(study.cohort, { showAll: true });
  const cases = new Map(open.datasets.flatMap(({ training }) => training).map((c) => [c.id, c]));
  return async (stored: StoredCase) => {
    const found = cases.get(stored.id)!;
    const map = await loadScan(found.label);
    const labels = resampleLabels(
      toRas({ ...map, data: maskLabels(map.data, found) }),
      study.preprocessing.spacingMm,
    );
    return { labels: labels.data, organs: found.labelSet };
  };
}

export interface EvaluateOptions {
  /** The model that is best on validation, the mean of all, or partial-organ models merged. @default "best" */
  inference?: "best" | "mean" | "merged";
}

/**
 * Segments and scores the test cases once. Keeps the models (weights/) and the predictions (predictions/) in the run's
 * folder.
 *
 * @throws Error when study, options or models are not those of the run
 */
export async function evaluate(
  models: readonly TrainedModel[],
  study: LoadedStudy,
  options: EvaluateOptions & { run: Run },
): Promise<ScoreRow[]> {
  const { run } = options;
  requireSettings("evaluate", { study, run, options });
  requireOwn(models, { run, what: "models", action: "evaluate" });
  return madeBy(run, await run.during(() => scoreTestCases(models, study, options)));
}

async function scoreTestCases(
  models: readonly TrainedModel[],
  study: LoadedStudy,
  { run, inference = "best" }: EvaluateOptions & { run: Run },
): Promise<ScoreRow[]> {
  const { organs, preprocessing, patch: window, network } = study;
  const folder = join(run.folder, "predictions");
  const signal = run.beginWork();
  noteArithmetic(study, run);
  if (!run.finished) {
    await Deno.mkdir(folder, { recursive: true });
    await describeOrgans(folder, organs);
    await saveBundle(join(run.folder, "weights"), {
      preprocessing,
      window,
      network,
      inference,
      models: [...models],
      organs: organs.map(({ number, name }) => ({ number, name })),
    });
  }
  const predictor = predictorOf(models, { inference, organCount: organs.length });
  const count = inference === "best" ? 1 : models.length;
  const like = study.datasets.flatMap(({ training }) => training);
  const work = testWork({ count: study.test.length, like, models: count, window });
  const tell = (step: number, steps: number) =>
    run.progress({ stage: "test", step, steps, unit: "case", work: doneOf(work, { test: step }) });
  tell(0, study.test.length);
  const scores = await evaluateCases(study.test, {
    organs,
    signal,
    onProgress: tell,
    async predict(test) {
      const scan = await loadScan(test.image);
      const labels = await segmentScan(scan, { predictor, preprocessing, window, signal });
      if (!run.finished) await writeNifti(join(folder, `${test.id}.nii.gz`), labels, { like: scan.header });
      return labels;
    },
  });
  return scores.map((row) => ({ ...row, organ: organs[row.organ - 1].name }));
}

export interface KeepFigureOptions {
  run: Run;
  /** Of the files in figures/. */
  name: string;
  /** The figure holds scan intensities: it goes to figures/scans/, which git ignores unless the licence allows it. @default false */
  scans?: boolean;
}

/** Figures that runs have drawn: that takes its time, too. */
const drawings = new WeakMap<Run, number>();

/** Writes a figure as JSON, SVG and PNG into the run's folder, and returns it to be shown by the cell. */
export async function keepFigure(figure: Figure, { run, name, scans }: KeepFigureOptions): Promise<Figure> {
  if (run.finished) return figure;
  await run.during(async () => {
    const drawn = drawings.get(run) ?? 0;
    run.progress({ stage: FIGURES, step: drawn, steps: 0, activity: `drawing ${name}` });
    await run.writeFigure(name, { ...await drawFigure(figure) }, {
      scans: scans || figure.unpublished,
    });
    drawings.set(run, drawn + 1);
    run.progress({ stage: FIGURES, step: drawn + 1, steps: 0, activity: `${name} is drawn` });
  });
  return figure;
}

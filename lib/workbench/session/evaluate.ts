/**
 * The cell that segments and scores the test cases.
 *
 * @module
 */
import { makePrivateFolder } from "../../files/private_folder.ts";
import { join } from "@std/path";
import { loadScan } from "../../imaging/load_scan.ts";
import { writeNifti } from "../../imaging/nifti/write_nifti.ts";
import { evaluateCases, withSubjects } from "../../inference/evaluate.ts";
import { predictorOf } from "../../inference/predictor.ts";
import { segmentScan } from "../../inference/segment_scan.ts";
import { caseKey, type ScoreRow } from "../../metrics/score_row.ts";
import type { StudyCase } from "../../data/cohorts/study.ts";
import { requireFileNames, saveBundle } from "../../models/bundle.ts";
import { type OrganRule, takesAway } from "../../models/postprocessing_rule.ts";
import type { Run } from "../../runs/open_run.ts";
import type { StageRecorder } from "../../training/recorder.ts";
import type { TrainedModel } from "../../training/train.ts";
import { doneOf } from "../../training/work.ts";
import type { LoadedStudy } from "../load_study.ts";
import { describeOrgans } from "../prediction/describe_organs.ts";
import { scoringWork } from "./arm_work.ts";
import { choosePostprocessing } from "./choose_postprocessing.ts";
import { madeBy, requireOwn } from "./made_by.ts";
import { noteArithmetic } from "./note_arithmetic.ts";
import { type Predicting, predictionInputs } from "./prediction_inputs.ts";
import { requireStudy } from "./require_study.ts";
import { inferenceOf } from "./run_method.ts";
import { tellDecisions } from "./tell_decisions.ts";

/**
 * Segments and scores the test cases once, case by case, as the run's parameters or its method say; before that, validation cases
 * decide on postprocessing. Keeps the models (weights/), the predictions (predictions/) and what was decided (postprocessing.csv)
 * in the run's folder.
 *
 * @throws Error when study or models are not those of the run
 *
 * @example
 * ```ts
 * import { evaluate, trainStage } from "consilium/train";
 *
 * const { models } = await trainStage(study, run, "full_organ", { completed, specialists });
 * const scores = await evaluate(study, run, models);
 * ```
 */
export async function evaluate(
  study: LoadedStudy,
  run: Run,
  models: readonly TrainedModel[],
): Promise<ScoreRow[]> {
  requireStudy("evaluate", { study, run });
  requireOwn(models, { run, what: "models", action: "evaluate" });
  if (run.parameters.inference === "distilled" && models.length !== 1) {
    throw new Error(
      `Cannot evaluate: with inference = distilled there must be one model, the distilled one, current number is ${models.length}`,
    );
  }
  return madeBy(run, await run.during(() => scoreTestCases(study, run, models)));
}

async function scoreTestCases(
  study: LoadedStudy,
  run: Run,
  models: readonly TrainedModel[],
): Promise<ScoreRow[]> {
  requireFileNames(models);
  const predicting = { models, inference: inferenceOf(run) };
  noteArithmetic(study, run);
  const decisions = await choosePostprocessing(study, run, predicting);
  await tellDecisions(decisions, { study, run });
  const postprocessing = decisions.map(({ rule }) => rule).filter(takesAway);
  if (!run.finished) await keepModels(run, study, { ...predicting, postprocessing });
  const stage = await run.stage("test", {
    ...predictionInputs(study, predicting),
    // Where nothing is taken away, predictions are those of runs without postprocessing.
    ...postprocessing.length > 0 && { postprocessing },
  });
  const scores = stage.finished
    ? await rowsOf(stage)
    : await predictCases(study, stage, { ...predicting, postprocessing });
  const rows = withSubjects(scores, study.test);
  if (!run.finished) {
    await keepPredictions(study, { from: stage.folder, to: join(run.folder, "predictions") });
  }
  return rows;
}

/** Models and the rules of their predictions. */
interface Final extends Predicting {
  postprocessing: readonly OrganRule[];
}

async function keepModels(
  run: Run,
  { organs, preprocessing, patch: window, network }: LoadedStudy,
  { models, inference, postprocessing }: Final,
): Promise<void> {
  await saveBundle(join(run.folder, "weights"), {
    preprocessing,
    window,
    network,
    inference,
    ...postprocessing.length > 0 && { postprocessing },
    models: [...models],
    organs: organs.map(({ number, name }) => ({ number, name })),
  });
}

/** Case by case, each saved: what was stopped goes on with the next one. */
async function predictCases(
  study: LoadedStudy,
  stage: StageRecorder,
  { models, inference, postprocessing }: Final,
): Promise<ScoreRow[]> {
  const { organs, groups, nominalSpacing, preprocessing, patch: window, test } = study;
  const { signal } = stage;
  const work = scoringWork(study, { stage: "test", inference, models: models.length });
  const rows = await rowsOf(stage);
  // Not by id alone: test sets may share a scan. Its prediction, a file called by its id, is theirs together.
  const key = ({ dataset, id }: Pick<StudyCase, "dataset" | "id">) => caseKey({ dataset, case: id });
  const done = new Set(rows.map(caseKey));
  const tell = () =>
    stage.progress({
      stage: "test",
      step: done.size,
      steps: test.length,
      unit: "case",
      work: doneOf(work, { test: done.size }),
    });
  tell();
  for (const one of test.filter((one) => !done.has(key(one)))) {
    const scores = await evaluateCases([one], {
      organs,
      groups,
      nominalSpacing,
      signal,
      async predict({ id, image, without }) {
        const predictor = predictorOf(models, { inference, organCount: organs.length, without });
        const scan = await loadScan(image);
        const labels = await segmentScan(scan, {
          predictor,
          preprocessing,
          window,
          postprocessing,
          signal,
        });
        await writeNifti(join(stage.folder, `${id}.nii.gz`), labels, { like: scan.header });
        return labels;
      },
    });
    rows.push(...scores);
    done.add(key(one));
    await stage.save("result", { tensors: {}, meta: { rows: rows.map(toJson) } });
    tell();
  }
  // A study may have no test case.
  if (done.size === 0) await stage.save("result", { tensors: {}, meta: { rows: [] } });
  await stage.finish();
  return rows;
}

async function rowsOf(stage: StageRecorder): Promise<ScoreRow[]> {
  const saved = await stage.restore("result");
  return (saved?.meta.rows as Json[] ?? []).map(fromJson);
}

async function keepPredictions(
  study: LoadedStudy,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await makePrivateFolder(to);
  await describeOrgans(to, study.organs);
  for (const { id } of study.test) await Deno.copyFile(join(from, `${id}.nii.gz`), join(to, `${id}.nii.gz`));
}

type Json = Record<string, unknown>;

/** JSON has neither NaN (nothing to score) nor Infinity (missed). */
function toJson(row: ScoreRow): Json {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
    ]),
  );
}

function fromJson(row: Json): ScoreRow {
  const { case: id, dataset, organ, ...numbers } = row;
  const scores = Object.entries(numbers).map(([key, value]) => [key, Number(value)]);
  return { case: id, dataset, organ, ...Object.fromEntries(scores) } as ScoreRow;
}

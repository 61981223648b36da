/**
 * The cell that segments and scores the test cases.
 *
 * @module
 */
import { join } from "@std/path";
import { loadScan } from "../../imaging/load_scan.ts";
import { writeNifti } from "../../imaging/nifti/write_nifti.ts";
import { evaluateCases, withSubjects } from "../../inference/evaluate.ts";
import { predictorOf } from "../../inference/predictor.ts";
import { segmentScan } from "../../inference/segment_scan.ts";
import { caseKey, type ScoreRow } from "../../metrics/score_row.ts";
import type { StudyCase } from "../../data/cohorts/study.ts";
import { saveBundle } from "../../models/bundle.ts";
import type { Inference } from "../../models/inference_rule.ts";
import { weightsHash } from "../../models/weights.ts";
import type { Run } from "../../runs/open_run.ts";
import { engineVersion } from "../../training/engine_version.ts";
import type { StageRecorder } from "../../training/recorder.ts";
import type { TrainedModel } from "../../training/train.ts";
import { doneOf } from "../../training/work.ts";
import type { LoadedStudy } from "../load_study.ts";
import { describeOrgans } from "../prediction/describe_organs.ts";
import { scoringWork } from "./arm_work.ts";
import { madeBy, requireOwn } from "./made_by.ts";
import { noteArithmetic } from "./note_arithmetic.ts";
import { requireStudy } from "./require_study.ts";
import { inferenceOf } from "./run_method.ts";

/**
 * Segments and scores the test cases once, case by case, as the run's parameters or its method say. Keeps the models (weights/) and the
 * predictions (predictions/) in the run's folder.
 *
 * @throws Error when study or models are not those of the run
 *
 * @example
 * ```ts
 * import { evaluate, trainStage } from "consilium/train";
 *
 * const { models } = await trainStage(study, run, "full_organ", { completed });
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
  const inference = inferenceOf(run);
  noteArithmetic(study, run);
  if (!run.finished) await keepModels(run, models, { study, inference });
  const stage = await run.stage("test", {
    inference,
    engine: engineVersion,
    models: models.map(({ name, organs, joint, model, validationDice }) => ({
      name,
      organs,
      joint,
      validationDice,
      head: model.head.plan,
      weights: weightsHash(model),
    })),
    organs: study.organs,
    groups: study.groups,
    preprocessing: study.preprocessing,
    window: study.patch,
    precision: study.network.precision,
    // Test cases are not preprocessed: the study's hash is of their files.
    data: study.data.hash,
  });
  const scores = stage.finished
    ? await rowsOf(stage)
    : await predictCases(study, stage, { models, inference });
  const rows = withSubjects(scores, study.test);
  if (!run.finished) {
    await keepPredictions(study, { from: stage.folder, to: join(run.folder, "predictions") });
  }
  return rows;
}

async function keepModels(
  run: Run,
  models: readonly TrainedModel[],
  { study, inference }: { study: LoadedStudy; inference: Inference },
): Promise<void> {
  const { organs, preprocessing, patch: window, network } = study;
  await saveBundle(join(run.folder, "weights"), {
    preprocessing,
    window,
    network,
    inference,
    models: [...models],
    organs: organs.map(({ number, name }) => ({ number, name })),
  });
}

/** Case by case, each saved: what was stopped goes on with the next one. */
async function predictCases(
  study: LoadedStudy,
  stage: StageRecorder,
  { models, inference }: { models: readonly TrainedModel[]; inference: Inference },
): Promise<ScoreRow[]> {
  const { organs, groups, preprocessing, patch: window, test } = study;
  const { signal } = stage;
  const predictor = predictorOf(models, { inference, organCount: organs.length });
  const work = scoringWork(study, { inference, models: models.length });
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
      signal,
      async predict({ id, image }) {
        const scan = await loadScan(image);
        const labels = await segmentScan(scan, { predictor, preprocessing, window, signal });
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
  await Deno.mkdir(to, { recursive: true });
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

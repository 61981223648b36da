/**
 * The cell that segments and scores the test cases.
 *
 * @module
 */
import { namesOfLabels } from "../../data/cohorts/study.ts";
import { join } from "@std/path";
import { loadScan } from "../../imaging/load_scan.ts";
import { writeNifti } from "../../imaging/nifti/write_nifti.ts";
import { evaluateCases } from "../../inference/evaluate.ts";
import { predictorOf } from "../../inference/predictor.ts";
import { segmentScan } from "../../inference/segment_scan.ts";
import { saveBundle } from "../../models/bundle.ts";
import type { ScoreRow } from "../../runs/tables/scores.ts";
import type { Run } from "../../runs/start_run.ts";
import type { TrainedModel } from "../../training/train.ts";
import { doneOf, testWork } from "../../training/work.ts";
import type { LoadedStudy } from "../load_study.ts";
import { describeOrgans } from "../prediction/describe_organs.ts";
import { madeBy, requireOwn } from "./made_by.ts";
import { noteArithmetic } from "./note_arithmetic.ts";
import { requireStudy } from "./require_study.ts";
import { inferenceOf } from "./run_method.ts";

/**
 * Segments and scores the test cases once, as the run's parameters or its method say. Keeps the models (weights/) and the
 * predictions (predictions/) in the run's folder.
 *
 * @throws Error when study or models are not those of the run
 */
export async function evaluate(
  study: LoadedStudy,
  run: Run,
  models: readonly TrainedModel[],
): Promise<ScoreRow[]> {
  requireStudy("evaluate", { study, run });
  requireOwn(models, { run, what: "models", action: "evaluate" });
  return madeBy(run, await run.during(() => scoreTestCases(study, run, models)));
}

async function scoreTestCases(
  study: LoadedStudy,
  run: Run,
  models: readonly TrainedModel[],
): Promise<ScoreRow[]> {
  const inference = inferenceOf(run);
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
  const names = namesOfLabels(study);
  const scores = await evaluateCases(study.test, {
    organs,
    groups: study.groups,
    signal,
    onProgress: tell,
    async predict(test) {
      const scan = await loadScan(test.image);
      const labels = await segmentScan(scan, { predictor, preprocessing, window, signal });
      if (!run.finished) await writeNifti(join(folder, `${test.id}.nii.gz`), labels, { like: scan.header });
      return labels;
    },
  });
  return scores.map((row) => ({ ...row, organ: names.get(row.organ)! }));
}

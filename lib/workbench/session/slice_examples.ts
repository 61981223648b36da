/**
 * Training cases with truth, pseudo label and prediction side by side, for the figure of slices.
 *
 * @module
 */
import { readStoredImage, readStoredLabels } from "../../data/store/store.ts";
import type { StoredCase } from "../../data/store/stored_case.ts";
import type { SliceRow } from "../../plots/scans/slice_overlays.ts";
import { predictorOf } from "../../inference/predictor.ts";
import { segment } from "../../inference/segment.ts";
import type { Run } from "../../runs/open_run.ts";
import type { TrainedModel } from "../../training/train.ts";
import { hiddenTruth } from "../hidden_truth.ts";
import type { LoadedStudy } from "../load_study.ts";
import { inferenceOf } from "./run_method.ts";

export interface SliceExamplesOptions {
  /** Without any, there is no column of predictions. */
  models: readonly TrainedModel[];
  /** Cases with completed labels, by dataset. @default the study's: there is no column of pseudo labels */
  completed?: readonly (readonly StoredCase[])[];
  /** Title of that column. @default "pseudo label" */
  completedTitle?: string;
  /** Cases of each dataset. @default 1 */
  count?: number;
}

/**
 * The first training cases of each dataset on the network's grid, predicted as the run predicts test cases, before postprocessing.
 *
 * @example
 * ```ts
 * import { keepFigure, sliceExamples } from "consilium/train";
 * import { sliceOverlays } from "consilium/plots";
 *
 * const organs = study.organs.map(({ name }) => name);
 * const examples = await sliceExamples(study, run, { models, completed });
 * await keepFigure(sliceOverlays(examples, { organs }), { run, name: "slices", scans: true });
 * ```
 */
export async function sliceExamples(
  study: LoadedStudy,
  run: Run,
  { models, completed, completedTitle = "pseudo label", count = 1 }: SliceExamplesOptions,
): Promise<SliceRow[]> {
  const inference = inferenceOf(run), organCount = study.organs.length;
  const truth = await hiddenTruth(study);
  const cases = completed ?? study.datasets.map(({ training }) => training);
  const rows: SliceRow[] = [];
  for (const stored of cases.flatMap((dataset) => dataset.slice(0, count))) {
    const { shape, without } = stored;
    const image = await readStoredImage(stored);
    const known = await truth(stored);
    const maps = known ? [{ title: "truth", labels: known.labels }] : [];
    if (completed) maps.push({ title: completedTitle, labels: await readStoredLabels(stored) });
    if (models.length > 0) {
      const predictor = predictorOf(models, { inference, organCount, without });
      const labels = await segment(image, { shape, predictor, window: study.patch });
      maps.push({ title: "prediction", labels });
    }
    const { publishScans: publish, preprocessing: { spacingMm: spacing } } = study;
    rows.push({ title: stored.id, image, publish, shape, spacing, maps });
  }
  return rows;
}

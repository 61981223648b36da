/**
 * Pseudo labels of a whole study as a stage: computed once for the same models and cases.
 *
 * @module
 */
import { join, relative } from "@std/path";
import { writeCompletedLabels } from "../data/store/completed_labels.ts";
import { contentOf, type PreparedStudy } from "../data/store/prepared_study.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import { weightsHash } from "../models/weights.ts";
import type { OrganModel } from "../inference/predictor.ts";
import { copiesOf } from "./pseudo_filters.ts";
import { completeLabels, type PseudoLabel, type PseudoLabelOptions } from "./pseudo_labels.ts";
import { engineVersion } from "../training/engine_version.ts";
import type { Recorder } from "../training/recorder.ts";
import { completionWork, doneOf } from "../training/work.ts";

export interface CompleteStudyOptions
  extends Omit<PseudoLabelOptions, "organCount" | "window" | "seed" | "write" | "signal" | "onProgress"> {
  /** Of the disturbed copies behind the agreement filter. @default 1 */
  seed?: number;
}

/** A study's training cases with completed labels, and what became of each missing organ. */
export interface CompletedStudy {
  /** By dataset. */
  completed: StoredCase[][];
  rows: PseudoLabel[];
}

/** What is kept of a completed case: its label map lies in the stage's folder. */
type CompletedRecord = Pick<StoredCase, "id" | "pseudoSet" | "locations"> & { labels: string };

/** {@linkcode completeLabels} for all datasets of a study, or its result if that was computed before. */
export async function completeStudy(
  study: PreparedStudy,
  recorder: Recorder,
  options: CompleteStudyOptions & { models: readonly OrganModel[] },
): Promise<CompletedStudy> {
  const { models, hiddenTruth, seed = 1, ...settings } = options;
  const cases = study.datasets.map(({ training }) => training);
  const stage = await recorder.stage("pseudo_labels", {
    ...settings,
    engine: engineVersion,
    seed,
    window: study.patch,
    organs: study.organs.length,
    models: models.map(({ name, organs, model }) => ({
      name,
      organs,
      head: model.head.plan,
      weights: weightsHash(model),
    })),
    cases: cases.map((dataset) => dataset.map(contentOf)),
  });
  if (!stage.finished) {
    const work = completionWork({
      cases: cases.flat(),
      models: models.length,
      organCount: study.organs.length,
      copies: copiesOf(settings.filters, settings.copies),
      window: study.patch,
    });
    const steps = cases.flat().length;
    const onProgress: PseudoLabelOptions["onProgress"] = (done) =>
      stage.progress({
        stage: "pseudo_labels",
        step: done.completion,
        steps,
        unit: "case",
        work: doneOf(work, done),
        activity: done.survey < steps ? `looking at true organs ${done.survey}/${steps}` : undefined,
      });
    const { datasets, rows } = await completeLabels(models, cases, {
      ...settings,
      seed,
      hiddenTruth,
      window: study.patch,
      organCount: study.organs.length,
      signal: stage.signal,
      write: (stored, completion) => writeCompletedLabels(stored, { ...completion, folder: stage.folder }),
      onProgress,
    });
    const records = datasets.flat().map(({ id, pseudoSet, locations, labels }): CompletedRecord => ({
      id,
      pseudoSet,
      locations,
      labels: relative(stage.folder, labels),
    }));
    await stage.save("result", { tensors: {}, meta: { records, rows } });
    await stage.finish();
  }
  const { meta } = (await stage.restore("result"))!;
  const records = new Map((meta.records as CompletedRecord[]).map((record) => [record.id, record]));
  const complete = (stored: StoredCase): StoredCase => {
    const { labels, ...record } = records.get(stored.id)!;
    return { ...stored, ...record, labels: join(stage.folder, labels) };
  };
  return {
    completed: cases.map((dataset) => dataset.map(complete)),
    rows: (meta.rows as PseudoLabel[]).map(withNaN),
  };
}

/** JSON has no NaN: it reads as null what was not measured. */
function withNaN(row: PseudoLabel): PseudoLabel {
  const { confidence, agreement, distance, dice } = row;
  const number = (value: number | null) => value ?? NaN;
  return {
    ...row,
    confidence: number(confidence),
    agreement: number(agreement),
    distance: number(distance),
    dice: number(dice),
  };
}

/**
 * Pseudo labels of a whole study as a stage: computed once for the same models and cases.
 *
 * @module
 */
import type { PreparedStudy } from "../data/store/prepared_study.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import { weightsHash } from "../models/weights.ts";
import type { OrganModel } from "../inference/predictor.ts";
import { deriveLabels } from "./derive_labels.ts";
import { copiesOf } from "./pseudo_filters.ts";
import { completion, type PseudoLabel, type PseudoLabelOptions, withNaN } from "./pseudo_labels.ts";
import { engineVersion } from "../training/engine_version.ts";
import type { Recorder } from "../training/recorder.ts";
import { completionWork, doneOf } from "../training/work.ts";

/** Raised by hand when the same models, cases and options give other label maps. 2: what cleaning removes is undecided. */
const VERSION = 2;

export type CompleteStudyOptions = Omit<PseudoLabelOptions, "organCount" | "window">;

/** A study's training cases with completed labels, and what became of each missing organ. */
export interface CompletedStudy {
  /** By dataset. */
  completed: StoredCase[][];
  rows: PseudoLabel[];
}

/** Completes all datasets of a study, or gives back what it gave before. */
export async function completeStudy(
  study: PreparedStudy,
  recorder: Recorder,
  options: CompleteStudyOptions & { models: readonly OrganModel[] },
): Promise<CompletedStudy> {
  const { models, hiddenTruth, seed, ...settings } = options;
  const cases = study.datasets.map(({ training }) => training);
  const window = study.patch, organCount = study.organs.length, steps = cases.flat().length;
  const work = completionWork({
    cases: cases.flat(),
    models: models.length,
    organCount,
    copies: copiesOf(settings.filters, settings.copies),
    window,
  });
  const { datasets, rows } = await deriveLabels(cases, recorder, {
    ...completion(models, { ...settings, seed, hiddenTruth, window, organCount }),
    name: "pseudo_labels",
    options: {
      ...settings,
      version: VERSION,
      engine: engineVersion,
      seed,
      window,
      organs: organCount,
      models: models.map(({ name, organs, joint, model }) => ({
        name,
        organs,
        joint,
        head: model.head.plan,
        weights: weightsHash(model),
      })),
    },
    onProgress: (done, stage) =>
      stage.progress({
        stage: "pseudo_labels",
        step: done,
        steps,
        unit: "case",
        work: doneOf(work, { survey: done, completion: done }),
      }),
  });
  return { completed: datasets, rows: rows.map(withNaN) };
}

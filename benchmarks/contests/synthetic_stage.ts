/**
 * A stage on a synthetic study, one cached batch a dataset.
 *
 * @module
 */
import { trainFullOrganModels } from "../../lib/methods/mutual/full_organ.ts";
import { trainPartialOrganModels } from "../../lib/methods/mutual/partial_organ.ts";
import type { TrainingSettings } from "../../lib/training/team.ts";
import { cachedPatches, type SteppedStage, steppedStage } from "./stepped_stage.ts";
import {
  completedCases,
  syntheticBatch,
  syntheticStudy,
  type SyntheticStudyOptions,
} from "./synthetic_study.ts";

export type StageName = "partial_organ" | "full_organ";

/** Plain data: it is an argument of contestants. */
export interface SyntheticStageOptions extends SyntheticStudyOptions, Pick<TrainingSettings, "peersPerStep"> {
  stage: StageName;
}

/** The stage with every term at its default; in stage 2, models teach from the least lead on, so that lessons are given. */
export function syntheticStage(
  { stage, peersPerStep, ...options }: SyntheticStageOptions,
): Promise<SteppedStage> {
  const study = syntheticStudy(options);
  const completed = completedCases(study);
  return steppedStage(
    (recorder, settings) =>
      stage === "partial_organ"
        ? trainPartialOrganModels(study, recorder, { ...settings, peersPerStep })
        : trainFullOrganModels(study, recorder, { ...settings, peersPerStep, completed, teacherMargin: 0 }),
    cachedPatches(([stored]) => syntheticBatch(stored, study)),
  );
}

/**
 * A stage on a synthetic study, one cached batch a dataset.
 *
 * @module
 */
import { fullOrgan } from "../../lib/methods/mutual/full_organ.ts";
import { partialOrgan } from "../../lib/methods/mutual/partial_organ.ts";
import { trainMethodStage } from "../../lib/methods/definition/train_stage.ts";
import { cachedPatches, type SteppedStage, steppedStage } from "./stepped_stage.ts";
import {
  completedCases,
  syntheticBatch,
  syntheticStudy,
  type SyntheticStudyOptions,
} from "./synthetic_study.ts";

export type StageName = "partial_organ" | "full_organ";

/** Plain data: it is an argument of contestants. */
export interface SyntheticStageOptions extends SyntheticStudyOptions {
  stage: StageName;
  /** Peers' datasets that each model visits in a step; 0 means all. @default 0 */
  peersPerStep?: number;
}

/** The stage with every term at its default; in stage 2, models teach from the least lead on, so that lessons are given. */
export function syntheticStage(
  { stage, peersPerStep = 0, ...options }: SyntheticStageOptions,
): Promise<SteppedStage> {
  const study = syntheticStudy(options);
  const completed = completedCases(study);
  return steppedStage(
    (recorder, { values, ...settings }) =>
      trainMethodStage(study, recorder, {
        ...settings,
        stage: stage === "partial_organ" ? partialOrgan : fullOrgan,
        values: { ...values, peersPerStep, teacherErrors: 0, stage2Start: "fresh" },
        inputs: { completed },
      }),
    cachedPatches(([stored]) => syntheticBatch(stored!, study)),
  );
}

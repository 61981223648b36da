/**
 * Partial-organ models of stage 1, each from its own dataset alone, merged; no stage 2 (METHOD section 1, arms).
 *
 * @module
 */
import {
  cohort,
  learningRate,
  partialOrganSteps,
  postprocessing,
  seed,
  sharedInitialisation,
} from "./shared/common_parameters.ts";
import { defineMethod } from "./definition/method.ts";
import { allOff } from "./mutual/mutual.ts";
import { partialOrgan } from "./mutual/partial_organ.ts";

export const partialMerged = defineMethod({
  name: "partial_merged",
  version: 1,
  title: "Partial-organ models, merged",
  says: "stage 1 of independent, merged, no stage 2",
  about: "No stage 2: the partial-organ models of `independent` segment together.",
  source: "METHOD section 1, arms",
  parameters: { cohort, seed, partialOrganSteps, learningRate, sharedInitialisation, postprocessing },
  stages: { partial_organ: { stage: partialOrgan, fixed: allOff } },
  inference: "merged",
});

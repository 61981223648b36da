/**
 * One full-organ network on all datasets' true and pseudo labels: the control for "similarity simply shows more images"
 * (METHOD section 1, arms).
 *
 * @module
 */
import type { StoredCase } from "../data/store/stored_case.ts";
import {
  cohort,
  fullOrganSteps,
  learningRate,
  partialOrganSteps,
  postprocessing,
  pseudoLabelParameters,
  pseudoWeight,
  seed,
  sharedInitialisation,
} from "./shared/common_parameters.ts";
import { defineMethod, defineStage } from "./definition/method.ts";
import { allOff } from "./mutual/mutual.ts";
import { partialOrgan } from "./mutual/partial_organ.ts";
import { oneNetworkPlan, organsOf } from "./shared/one_network.ts";
import { streamOfEachDataset } from "./shared/streams.ts";

const parameters = {
  cohort,
  seed,
  partialOrganSteps,
  fullOrganSteps,
  learningRate,
  sharedInitialisation,
  ...pseudoLabelParameters,
  pseudoWeight,
  postprocessing,
};

const pooledStage = defineStage(parameters, {
  name: "pooled",
  version: 1,
  steps: "fullOrganSteps",
  uses: ["pseudoWeight"],
  inputs: ["completed"],
  cohortSteps: ({ training }) => training.fullOrganSteps,
  plan: (study, { pseudoWeight }, { completed }: { completed: readonly (readonly StoredCase[])[] }) =>
    oneNetworkPlan(study, {
      name: "pooled",
      streams: streamOfEachDataset(study, { cases: completed }),
      async loss() {
        const { supervision, targetsOf } = await import("../training/losses.ts");
        const channels = organsOf(study);
        return (logits, batch) => supervision(logits, targetsOf(batch, { channels, pseudoWeight }));
      },
    }),
});

export const pooled = defineMethod({
  name: "pooled",
  version: 1,
  title: "Pooled",
  says: "one network on all datasets' true and pseudo labels",
  about:
    "One full-organ network on all datasets' true and pseudo labels, which come from partial-organ models without mutual " +
    'terms. It sees as many patches as each full-organ model of `mutual`: the control for "prediction similarity simply ' +
    'shows more images".',
  source: "METHOD section 1, arms",
  parameters,
  stages: { partial_organ: { stage: partialOrgan, fixed: allOff }, pooled: { stage: pooledStage } },
});

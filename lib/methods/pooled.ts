/**
 * One full-organ network on all datasets' true and pseudo labels: the control for "similarity simply shows more images"
 * (METHOD section 1, arms).
 *
 * @module
 */
import {
  cohort,
  distilSteps,
  fullOrganSteps,
  inference,
  isDistilled,
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
import { choice, count, where } from "./definition/parameter.ts";
import type { FullOrganInputs } from "./mutual/full_organ.ts";
import { partialOrgan } from "./mutual/partial_organ.ts";
import { oneNetworkPlan, organsOf } from "./shared/one_network.ts";
import { distilled } from "./shared/distilled.ts";
import { startOf } from "./shared/stage2_start.ts";
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
  stage2Start: choice(
    ["fresh", "own"],
    "own",
    "weights that it starts from: own = the first dataset's model of stage 1 (members: the datasets' in turn), fresh = drawn",
  ),
  members: count(1, "networks, each by a seed of its own; 0 = as many as datasets"),
  inference: {
    ...inference,
    when: where(
      "there are several members, or it is distilled",
      ({ members, inference }) => members !== 1 || inference === "distilled",
    ),
  },
  distilSteps,
  postprocessing,
};

const pooledStage = defineStage(parameters, {
  name: "pooled",
  // 2: starts from stage 1, and may have several members.
  version: 2,
  steps: "fullOrganSteps",
  uses: ["pseudoWeight", "stage2Start", "members"],
  inputs: ["completed", "specialists"],
  cohortSteps: ({ training }) => training.fullOrganSteps,
  plan: (study, { pseudoWeight, stage2Start, members }, { completed, specialists }: FullOrganInputs) =>
    oneNetworkPlan(study, {
      name: "pooled",
      members: members || study.datasets.length,
      start: (k) => startOf(k, { stage2Start, specialists }),
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
  version: 2,
  title: "Pooled",
  says: "one network on all datasets' true and pseudo labels",
  about:
    "One full-organ network on all datasets' true and pseudo labels, which come from partial-organ models without mutual " +
    'terms. It sees as many patches as each full-organ model of `mutual`: the control for "prediction similarity simply ' +
    'shows more images".',
  source: "METHOD section 1, arms",
  parameters,
  stages: {
    partial_organ: { stage: partialOrgan, fixed: allOff },
    pooled: { stage: pooledStage },
    distilled: { stage: distilled, when: isDistilled },
  },
  arms: {
    pooled_ensemble: {
      title: "Pooled ensemble",
      says: "as many of the pooled network as datasets, their mean",
      about:
        "As many pooled networks as there are datasets, each by a seed of its own, and the mean of what they predict. Together they " +
        'make as many passes as stage 2 of `mutual`: the control for "several networks".',
      set: { members: 0, inference: "mean" },
    },
  },
});

/**
 * One network on all true labels, no pseudo labels; and the same with every label shown, the upper bound (METHOD section 1,
 * arms).
 *
 * @module
 */
import {
  cohort,
  learningRate,
  postprocessing,
  seed,
  showAll,
  stepsOfBoth,
} from "./shared/common_parameters.ts";
import { defineMethod, defineStage } from "./definition/method.ts";
import { oneNetworkPlan, organsOf, stepsOfBothStages } from "./shared/one_network.ts";

const parameters = { cohort, seed, showAll, fullOrganSteps: stepsOfBoth, learningRate, postprocessing };

const single = defineStage(parameters, {
  name: "single",
  version: 1,
  steps: "fullOrganSteps",
  uses: [],
  cohortSteps: stepsOfBothStages,
  plan: (study) =>
    oneNetworkPlan(study, {
      name: "single",
      async loss() {
        const { supervision, targetsOf } = await import("../training/losses.ts");
        const channels = organsOf(study);
        return (logits, batch) => supervision(logits, targetsOf(batch, { channels }));
      },
    }),
});

export const singleMarginal = defineMethod({
  name: "single_marginal",
  version: 1,
  title: "One network, marginal loss",
  says: "one network on all true labels, no pseudo labels",
  about:
    "One network on the true labels of all datasets by the label-set loss: no pseudo labels, no mutual learning.",
  source: "METHOD section 1, arms",
  parameters,
  stages: { single: { stage: single } },
  arms: {
    oracle: {
      title: "Oracle",
      says: "one network with every label shown: the upper bound",
      about: "One network with every annotated organ shown in training and validation: the upper bound.",
      notebook: true,
      set: { showAll: true },
    },
  },
});

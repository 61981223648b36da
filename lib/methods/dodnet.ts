/**
 * DoDNet: one network whose last layers are made for the organ that is asked for and the scan at hand (METHOD section 13).
 *
 * @module
 */
import { cohort, learningRate, postprocessing, seed, stepsOfBoth } from "./shared/common_parameters.ts";
import { defineMethod, defineStage } from "./definition/method.ts";
import { oneNetworkPlan, organsOf, stepsOfBothStages } from "./shared/one_network.ts";
import { lackOfSingleOrgans } from "./shared/single_organs.ts";

const parameters = { cohort, seed, fullOrganSteps: stepsOfBoth, learningRate, postprocessing };

const stage = defineStage(parameters, {
  name: "dodnet",
  version: 1,
  steps: "fullOrganSteps",
  uses: [],
  cohortSteps: stepsOfBothStages,
  lacks: (study) => lackOfSingleOrgans(study, "an organ is asked for by itself"),
  plan: (study) =>
    oneNetworkPlan(study, {
      name: "network",
      head: { kind: "dynamic" },
      async loss() {
        const { partialLoss, targetsOf } = await import("../training/losses.ts");
        const channels = organsOf(study), { loss } = partialLoss("binary", { dice: true });
        return (logits, batch) => loss(logits, targetsOf(batch, { channels }));
      },
    }),
});

export const dodnet = defineMethod({
  name: "dodnet",
  version: 1,
  title: "DoDNet",
  says: "one network whose last layers are made for each organ and scan",
  about:
    "One network on the true labels of all datasets. For each organ three small convolutions end it, whose weights another layer writes from the scan's " +
    "deepest features and from which organ it is.",
  source: "METHOD section 13; arXiv 2011.10217",
  parameters,
  stages: { dodnet: { stage } },
});

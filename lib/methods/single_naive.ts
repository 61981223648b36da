/**
 * One network for which every unlabelled organ is background: the lower control of the whole field (METHOD section 1, arms).
 *
 * @module
 */
import { cohort, learningRate, postprocessing, seed, stepsOfBoth } from "./shared/common_parameters.ts";
import { defineMethod, defineStage } from "./definition/method.ts";
import { oneNetworkPlan, organsOf, stepsOfBothStages } from "./shared/one_network.ts";

const parameters = { cohort, seed, fullOrganSteps: stepsOfBoth, learningRate, postprocessing };

const naive = defineStage(parameters, {
  name: "naive",
  version: 1,
  steps: "fullOrganSteps",
  uses: [],
  cohortSteps: stepsOfBothStages,
  plan: (study) =>
    oneNetworkPlan(study, {
      name: "naive",
      async loss() {
        const { supervision, targetsOf } = await import("../training/losses.ts");
        const channels = organsOf(study);
        return (logits, batch) => {
          // As if everything were annotated, so that background is what no label shows.
          const labelSets = batch.labelSets.map(() => channels);
          return supervision(logits, targetsOf({ ...batch, labelSets }, { channels }));
        };
      },
    }),
});

export const singleNaive = defineMethod({
  name: "single_naive",
  version: 1,
  title: "One network, unlabelled is background",
  says: "one network, every unlabelled organ is background: the lower control",
  about:
    "One network on all labels, for which every organ that a case has no label of is background: the lower control.",
  source: "METHOD section 1, arms",
  parameters,
  stages: { naive: { stage: naive } },
});

/**
 * One network on all true labels, no pseudo labels; and the same with every label shown, the upper bound (METHOD section 1,
 * arms).
 *
 * @module
 */
import { cohort, learningRate, seed, showAll, stepsOfBoth } from "./common_parameters.ts";
import { defineMethod, defineStage } from "./method.ts";
import { organsOf, stepsOfBothStages, validationOf } from "./one_network.ts";
import { looksAt, streamOfEachDataset } from "./streams.ts";

const parameters = { cohort, seed, showAll, fullOrganSteps: stepsOfBoth, learningRate };

const single = defineStage(parameters, {
  name: "single",
  version: 1,
  steps: "fullOrganSteps",
  uses: [],
  cohortSteps: stepsOfBothStages,
  plan(study) {
    const channels = organsOf(study);
    return {
      networks: { single: { organs: channels, validation: validationOf(study) } },
      streams: streamOfEachDataset(study),
      async objective() {
        const { supervision, targetsOf } = await import("../training/losses.ts");
        return {
          rounds: () =>
            study.datasets.map(({ name }) => ({
              draws: [name],
              looks: (batches) => looksAt(batches[name], ["single"]),
              terms: ({ single: { logits } }, { [name]: batch }) => [{
                network: "single",
                name: "own",
                value: supervision(logits, targetsOf(batch, { channels })),
                weight: 1 / study.datasets.length,
              }],
            })),
        };
      },
    };
  },
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

/**
 * MultiTalent: one network with a channel for each dataset and organ, so that datasets need not agree on what an organ is (METHOD
 * section 12).
 *
 * @module
 */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { round } from "../training/plan.ts";
import { cohort, learningRate, postprocessing, seed, stepsOfBoth } from "./shared/common_parameters.ts";
import { defineMethod, defineStage } from "./definition/method.ts";
import { organsOf, stepsOfBothStages, validationOf } from "./shared/one_network.ts";
import { lackOfSingleOrgans } from "./shared/single_organs.ts";
import { looksAt, streamOfEachDataset } from "./shared/streams.ts";

const parameters = { cohort, seed, fullOrganSteps: stepsOfBoth, learningRate, postprocessing };

const NETWORK = "network";

const stage = defineStage(parameters, {
  name: "multi_talent",
  version: 1,
  steps: "fullOrganSteps",
  uses: [],
  cohortSteps: stepsOfBothStages,
  lacks: (study) => lackOfSingleOrgans(study, "a channel is of an organ"),
  plan(study) {
    const organs = organsOf(study), weight = 1 / study.datasets.length;
    // Channels of one dataset stand together, in the datasets' order.
    const owners = study.datasets.flatMap((dataset) =>
      dataset.organs.map((organ) => organs.indexOf(organ) + 1)
    );
    const first = study.datasets.map((_, index) =>
      study.datasets.slice(0, index).reduce((sum, { organs }) => sum + organs.length, 0)
    );
    return {
      networks: {
        [NETWORK]: { organs, validation: validationOf(study), head: { kind: "datasets", owners } },
      },
      streams: streamOfEachDataset(study),
      async objective() {
        const [{ acrossLevels, partialLoss, targetsOf }, { tf }] = await Promise.all([
          import("../training/losses.ts"),
          import("../tensors/tf.ts"),
        ]);
        const { loss } = partialLoss("binary", { dice: true });
        return {
          rounds: () =>
            study.datasets.map(({ name, organs: channels }, index) =>
              round({
                draws: [name],
                looks: ([batch]) => looksAt(batch, [NETWORK]),
                terms({ [NETWORK]: look }, [batch]) {
                  const value = acrossLevels(look!, batch, (logits, labels) => {
                    const own = tf.slice(logits, [0, 0, 0, 0, first[index]!], [
                      -1,
                      -1,
                      -1,
                      -1,
                      channels.length,
                    ]);
                    return loss(own as Tensor5D, targetsOf(labels, { channels }));
                  });
                  return [{ network: NETWORK, name: "own", value, weight }];
                },
              })
            ),
        };
      },
    };
  },
});

export const multiTalent = defineMethod({
  name: "multi_talent",
  version: 1,
  title: "MultiTalent",
  says: "one network with a channel for each dataset and organ",
  about:
    "One network on the true labels of all datasets, with a channel for each dataset and organ: a scan teaches its own dataset's channels alone, and an organ " +
    "is the mean of its channels.",
  source: "METHOD section 12; arXiv 2303.14444",
  parameters,
  stages: { multi_talent: { stage } },
});

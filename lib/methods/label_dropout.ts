/**
 * Label dropout: an organ that is missing in some datasets is now and then hidden where it is annotated, too, so that what is
 * missing tells nothing of the domain (METHOD section 4).
 *
 * @module
 */
import type { OrganNumber } from "../data/label_set.ts";
import type { PatchBatch } from "../data/patches/patch_batch.ts";
import { chance } from "../data/random.ts";
import type { PreparedStudy } from "../data/store/prepared_study.ts";
import { headOf } from "../losses/partial/partial_loss_kind.ts";
import type { BatchChange } from "../training/plan.ts";
import { cohort, learningRate, postprocessing, seed, stepsOfBoth } from "./shared/common_parameters.ts";
import { defineMethod, defineStage } from "./definition/method.ts";
import { oneNetworkPlan, organsOf, stepsOfBothStages } from "./shared/one_network.ts";
import { lackOfSingleOrgans } from "./shared/single_organs.ts";
import { flag, share } from "./definition/parameter.ts";
import { partialLossParameter } from "./shared/partial_loss_parameter.ts";
import { streamOfEachDataset } from "./shared/streams.ts";

const parameters = {
  cohort,
  seed,
  fullOrganSteps: stepsOfBoth,
  learningRate,
  dropout: share(0.5, "probability that a label which some dataset lacks is hidden"),
  diceLoss: flag(true, "Dice beside the cross-entropy"),
  partialLoss: partialLossParameter("marginal", "restricted", "binary"),
  postprocessing,
};

const stage = defineStage(parameters, {
  name: "label_dropout",
  version: 1,
  steps: "fullOrganSteps",
  uses: ["dropout", "diceLoss", "partialLoss"],
  cohortSteps: stepsOfBothStages,
  lacks: (study, { partialLoss: kind }) =>
    kind === "binary" ? lackOfSingleOrgans(study, "partialLoss = binary wants labels of organs") : undefined,
  plan: (study, { dropout, diceLoss, partialLoss: kind }) =>
    oneNetworkPlan(study, {
      name: "network",
      head: headOf(kind),
      streams: streamOfEachDataset(study, { change: hideLabels(dropout, organsMissingSomewhere(study)) }),
      async loss() {
        const { partialLoss, targetsOf } = await import("../training/losses.ts");
        const channels = organsOf(study), { loss } = partialLoss(kind, { dice: diceLoss });
        return (logits, batch) => loss(logits, targetsOf(batch, { channels }));
      },
    }),
});

export const labelDropout = defineMethod({
  name: "label_dropout",
  version: 1,
  title: "Label dropout",
  says: "one network, labels that some dataset lacks hidden at random",
  about:
    "One network on all true labels. A label that some dataset lacks is hidden at random where it is there, too, so that which " +
    "labels are missing tells the network nothing of the domain.",
  source: "METHOD section 4; arXiv 2403.07818",
  parameters,
  stages: { label_dropout: { stage } },
  arms: {
    no_label_dropout: {
      title: "No label dropout",
      says: "the same, nothing hidden",
      about: "The same network and loss, and no label is hidden.",
      set: { dropout: 0 },
    },
  },
});

/** Organs that some dataset does not label, or in a coarser label alone, and groups with such an organ. */
function organsMissingSomewhere({ organs, groups = [], datasets }: PreparedStudy): OrganNumber[] {
  const lacks = ({ organs, training }: PreparedStudy["datasets"][number], organ: OrganNumber) => {
    const labels = training.flatMap(({ labelSet }) => labelSet);
    const isPart = groups.some(({ number, parts }) => labels.includes(number) && parts.includes(organ));
    return !organs.includes(organ) || isPart && !labels.includes(organ);
  };
  const missing = organs.map(({ number }) => number).filter((organ) =>
    datasets.some((dataset) => lacks(dataset, organ))
  );
  const coarser = groups.filter(({ parts }) => parts.some((organ) => missing.includes(organ)));
  return [...missing, ...coarser.map(({ number }) => number)];
}

/** Hides each of the organs in a sample with the probability: it leaves the label set, and its voxels are background. */
export function hideLabels(probability: number, organs: readonly OrganNumber[]): BatchChange {
  return {
    name: "hide labels",
    options: { probability, organs },
    apply(batch, random) {
      const labels = batch.labels.slice();
      const size = labels.length / batch.batch;
      const labelSets = batch.labelSets.map((labelSet, sample) => {
        // Drawn for all organs, so that one sample's labels move no other draw.
        const drawn = organs.filter(() => chance(random, probability));
        const hidden = drawn.filter((organ) => labelSet.includes(organ));
        for (let i = sample * size; i < (sample + 1) * size; i++) {
          if (hidden.includes(labels[i]!)) labels[i] = 0;
        }
        return labelSet.filter((organ) => !hidden.includes(organ));
      });
      return { ...batch, labels, labelSets } satisfies PatchBatch;
    },
  };
}

/**
 * Stage 1: one partial-organ model a dataset, learning from their differences (METHOD section 1).
 *
 * @module
 */
import { leavesOf } from "../../data/groups.ts";
import type { LabelSet } from "../../data/label_set.ts";
import type { PreparedDataset } from "../../data/store/prepared_study.ts";
import { round, type Term } from "../../training/plan.ts";
import { defineStage } from "../definition/method.ts";
import { looksAt, streamOfEachDataset } from "../shared/streams.ts";
import { mutualParameters, visitsInStage1 } from "./parameters.ts";
import { planVisits, type Visit } from "./visits.ts";

/** L_POS,i = own + λ_PD·mean_j PD + λ_FD·mean_j FD; the mean is over the peers visited in the step. */
export const partialOrgan = defineStage(mutualParameters, {
  name: "partial_organ",
  version: 1,
  steps: "partialOrganSteps",
  uses: [
    "predictionDifference",
    "predictionDifferenceForm",
    "sharedOrgans",
    "featureDifference",
    "featureDifferenceForm",
    "sharedInitialisation",
    "peersPerStep",
    "rampUp",
  ],
  when: { peersPerStep: visitsInStage1, rampUp: visitsInStage1 },
  cohortSteps: ({ training }) => training.partialOrganSteps,
  plan(study, values) {
    const visits = planVisits(study, { ...values, visitPeers: visitsInStage1(values) });
    const organsOf = new Map<string, LabelSet>(study.datasets.map(({ name, organs }) => [name, organs]));
    return {
      networks: Object.fromEntries(
        study.datasets.map((dataset, i) => [dataset.name, {
          organs: dataset.organs,
          validation: dataset.validation,
          seed: values.sharedInitialisation ? 0 : i,
          ...jointOrgans(dataset),
        }]),
      ),
      streams: streamOfEachDataset(study),
      looksPerStep: visits.looksPerStep,
      async objective({ seed, ramp }) {
        const [{ supervision, targetsOf }, { predictionDifference }, { featureDifference }] = await Promise
          .all([
            import("../../training/losses.ts"),
            import("./prediction_difference.ts"),
            import("./feature_difference.ts"),
          ]);
        const roundOf = ({ owner, models }: Visit, step: number) =>
          round({
            draws: [owner],
            looks: ([batch]) => looksAt(batch, models),
            terms(views, [batch]) {
              const ownTargets = targetsOf(batch, { channels: organsOf.get(owner)! });
              const share = visits.peerShare * ramp(step);
              return models.flatMap((network): Term[] => {
                const { logits, features } = views[network]!;
                if (network === owner) {
                  return [{ network, name: "own", value: supervision(logits, ownTargets), weight: 1 }];
                }
                const { sharedOrgans, predictionDifferenceForm: form, featureDifferenceForm: mode } = values;
                const targets = targetsOf(batch, { channels: organsOf.get(network)!, sharedOrgans });
                const terms: Term[] = [];
                if (values.predictionDifference > 0) {
                  const peer = { logits: views[owner]!.logits, targets: ownTargets };
                  terms.push({
                    network,
                    name: "prediction_difference",
                    value: predictionDifference(logits, targets, { form, peer }),
                    weight: share * values.predictionDifference,
                  });
                }
                if (values.featureDifference > 0) {
                  terms.push({
                    network,
                    name: "feature_difference",
                    value: featureDifference({ logits, features }, views[owner]!.features, { mode, targets }),
                    weight: share * values.featureDifference,
                  });
                }
                return terms;
              });
            },
          });
        return { rounds: (step) => visits.of(step, seed).map((visit) => roundOf(visit, step)) };
      },
    };
  },
});

/** Organs that the dataset labels in groups alone: a peer that tells them apart is asked for them, not this model. */
function jointOrgans({ organs, training }: PreparedDataset): { joint?: LabelSet } {
  const joint = organs.filter((organ) => {
    const labelled = training.filter(({ labelSet, groups }) => leavesOf(labelSet, groups).includes(organ));
    return labelled.length > 0 && labelled.every(({ labelSet }) => !labelSet.includes(organ));
  });
  return joint.length > 0 ? { joint } : {};
}

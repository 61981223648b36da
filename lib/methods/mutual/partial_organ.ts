/**
 * Stage 1: one partial-organ model a dataset, learning from their differences (METHOD section 1).
 *
 * @module
 */
import { leavesOf } from "../../data/groups.ts";
import type { LabelSet } from "../../data/label_set.ts";
import type { PreparedDataset, PreparedStudy } from "../../data/store/prepared_study.ts";
import { round, type Term } from "../../training/plan.ts";
import { defineStage } from "../definition/method.ts";
import { looksAt, streamOfEachDataset } from "../shared/streams.ts";
import { comparesModelsInStage1, mutualParameters, visitsInStage1 } from "./parameters.ts";
import { lackOfProjection, projectionOf } from "./shared_projection.ts";
import { planVisits, type Visit } from "./visits.ts";

/** L_POS,i = own + λ_PD·mean_j PD + λ_FD·mean_j FD; the mean is over the peers visited in the step. */
export const partialOrgan = defineStage(mutualParameters, {
  name: "partial_organ",
  // 2: FD compares relations within a model; form "peer" of PD asks third models.
  version: 2,
  steps: "partialOrganSteps",
  uses: [
    "predictionDifference",
    "predictionDifferenceForm",
    "sharedOrgans",
    "featureDifference",
    "featureDifferenceForm",
    "sharedInitialisation",
    "sharedProjection",
    "peersPerStep",
    "rampUp",
  ],
  when: { peersPerStep: visitsInStage1, rampUp: visitsInStage1, sharedProjection: comparesModelsInStage1 },
  cohortSteps: ({ training }) => training.partialOrganSteps,
  lacks: (study, values) => lackOfThirdModels(study, values) ?? lackOfProjection(study, values),
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
          ...projectionOf(i, { ...study, ...values }),
        }]),
      ),
      streams: streamOfEachDataset(study),
      looksPerStep: visits.looksPerStep,
      async objective({ seed, ramp }) {
        const [
          { acrossLevels, supervision, targetsOf },
          { predictionDifference },
          { featureDifference },
          { commonSpaceTerms },
        ] = await Promise.all([
          import("../../training/losses.ts"),
          import("./prediction_difference.ts"),
          import("./feature_difference.ts"),
          import("./common_space.ts"),
        ]);
        const roundOf = ({ owner, models }: Visit, step: number) =>
          round({
            draws: [owner],
            looks: ([batch]) => looksAt(batch, models),
            terms(views, [batch]) {
              const truthOf = (name: string) => targetsOf(batch, { channels: organsOf.get(name)! });
              const truth = truthOf(owner);
              const share = visits.peerShare * ramp(step);
              return models.flatMap((network): Term[] => {
                const view = views[network]!, { logits, features } = view;
                if (network === owner) {
                  return [{ network, name: "own", value: acrossLevels(view, truth, supervision), weight: 1 }];
                }
                const { sharedOrgans, predictionDifferenceForm: form, featureDifferenceForm: mode } = values;
                const targets = targetsOf(batch, { channels: organsOf.get(network)!, sharedOrgans });
                const terms: Term[] = [];
                if (values.predictionDifference > 0) {
                  // Only they are asked, and a model's targets cost a table of all codes.
                  const others = form === "peer" ? models.filter((other) => other !== network) : [];
                  const peers = others.map((other) => ({
                    logits: views[other]!.logits,
                    targets: truthOf(other),
                  }));
                  terms.push({
                    network,
                    name: "prediction_difference",
                    value: predictionDifference(view, targets, { form, peers }),
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
                  if (mode !== "relations") {
                    terms.push(
                      ...commonSpaceTerms(network, { features, others: views[owner]!.features, truth }),
                    );
                  }
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

interface PeerValues {
  predictionDifference: number;
  predictionDifferenceForm: string;
  peersPerStep: number;
}

/** For PD of form `peer` every image must be seen by its own model, the one that learns and a third one. */
function lackOfThirdModels(
  { datasets }: PreparedStudy,
  { predictionDifference, predictionDifferenceForm: form, peersPerStep }: PeerValues,
): string | undefined {
  if (predictionDifference === 0 || form !== "peer") return undefined;
  const wants = "predictionDifferenceForm = peer wants", count = datasets.length;
  if (count < 3) return `${wants} three datasets at least, the cohort has ${count}`;
  if (peersPerStep === 0 || peersPerStep >= count - 1) return undefined;
  return `${wants} all models to see all datasets (peersPerStep = 0), current value is ${peersPerStep}`;
}

/** Organs that the dataset labels in groups alone: a peer that tells them apart is asked for them, not this model. */
function jointOrgans({ organs, training }: PreparedDataset): { joint?: LabelSet } {
  const joint = organs.filter((organ) => {
    const labelled = training.filter(({ labelSet, groups }) => leavesOf(labelSet, groups).includes(organ));
    return labelled.length > 0 && labelled.every(({ labelSet }) => !labelSet.includes(organ));
  });
  return joint.length > 0 ? { joint } : {};
}

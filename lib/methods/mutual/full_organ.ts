/**
 * Stage 2: one full-organ model a dataset, learning from their similarities (METHOD section 1).
 *
 * @module
 */
import type { StoredCase } from "../../data/store/stored_case.ts";
import { round, type Term } from "../../training/plan.ts";
import { defineStage } from "../definition/method.ts";
import { createLessonBook } from "./lesson_book.ts";
import { looksAt, streamOfEachDataset } from "../shared/streams.ts";
import { mutualParameters, visitsInStage2 } from "./parameters.ts";
import { planVisits, type Visit } from "./visits.ts";

export interface FullOrganInputs {
  /** Training cases of each dataset with pseudo labels. */
  completed: readonly (readonly StoredCase[])[];
}

/** L_FOS,i = full + λ_PS·mean_j PS + λ_DFS·DFS; means are over the datasets visited in the step. */
export const fullOrgan = defineStage(mutualParameters, {
  name: "full_organ",
  version: 1,
  steps: "fullOrganSteps",
  uses: [
    "pseudoWeight",
    "predictionSimilarity",
    "klWeight",
    "featureSimilarity",
    "teacherMargin",
    "teacherDecay",
    "peersPerStep",
    "rampUp",
  ],
  inputs: ["completed"],
  when: { peersPerStep: visitsInStage2, rampUp: visitsInStage2 },
  cohortSteps: ({ training }) => training.fullOrganSteps,
  plan(study, values, { completed }: FullOrganInputs) {
    const { pseudoWeight, klWeight } = values;
    const visits = planVisits(study, { ...values, visitPeers: visitsInStage2(values) });
    const channels = study.organs.map(({ number }) => number);
    const validation = study.datasets.flatMap(({ validation }) => validation);
    return {
      networks: Object.fromEntries(
        study.datasets.map(({ name }) => [name, { organs: channels, validation }]),
      ),
      streams: streamOfEachDataset(study, { cases: completed }),
      looksPerStep: visits.looksPerStep,
      async objective({ seed, ramp }) {
        const [{ supervision, targetsOf }, { predictionSimilarity }, { teach }] = await Promise.all([
          import("../../training/losses.ts"),
          import("./prediction_similarity.ts"),
          import("./teach.ts"),
        ]);
        const book = createLessonBook({ decay: values.teacherDecay, margin: values.teacherMargin });
        const roundOf = ({ owner, models }: Visit, step: number) =>
          round({
            draws: [owner],
            looks: ([batch]) => looksAt(batch, models),
            terms(views, [batch]) {
              const truth = targetsOf(batch, { channels });
              const terms = models.flatMap((network): Term[] => {
                const { logits } = views[network]!;
                if (network === owner) {
                  const targets = targetsOf(batch, { channels, pseudoWeight });
                  return [{ network, name: "own", value: supervision(logits, targets), weight: 1 }];
                }
                if (values.predictionSimilarity === 0) return [];
                const value = predictionSimilarity(logits, truth, { peer: views[owner]!.logits, klWeight });
                const weight = visits.peerShare * ramp(step) * values.predictionSimilarity;
                return [{ network, name: "prediction_similarity", value, weight }];
              });
              if (values.featureSimilarity === 0) return terms;
              const weight = values.featureSimilarity * ramp(step) * visits.datasetShare;
              const seen = models.map((network) => views[network]!);
              return [...terms, ...teach(seen, { truth, book, dataset: owner, weight })];
            },
          });
        return {
          rounds: (step) => visits.of(step, seed).map((visit) => roundOf(visit, step)),
          memory: {
            save: () => ({ tensors: {}, meta: book.save() }),
            load: ({ meta }) => book.load(meta),
          },
        };
      },
    };
  },
});

/**
 * Stage 2: one full-organ model a dataset, learning from their similarities (METHOD section 1).
 *
 * @module
 */
import type { StoredCase } from "../../data/store/stored_case.ts";
import { round, type Term } from "../../training/plan.ts";
import type { TrainedModel } from "../../training/train.ts";
import { defineStage } from "../definition/method.ts";
import { createLessonBook } from "./lesson_book.ts";
import { organsOf, validationOf } from "../shared/one_network.ts";
import { startOf } from "../shared/stage2_start.ts";
import { looksAt, streamOfEachDataset } from "../shared/streams.ts";
import { comparesModelsInStage2, mutualParameters, visitsInStage2 } from "./parameters.ts";
import { lackOfProjection, projectionOf } from "./shared_projection.ts";
import { planVisits, type Visit } from "./visits.ts";

export interface FullOrganInputs {
  /** Training cases of each dataset with pseudo labels. */
  completed: readonly (readonly StoredCase[])[];
  /** The models of stage 1, which this one may start from. */
  specialists: readonly TrainedModel[];
}

/** L_FOS,i = full + λ_PS·mean_j PS + λ_DFS·DFS; means are over the datasets visited in the step. */
export const fullOrgan = defineStage(mutualParameters, {
  name: "full_organ",
  // 2: starts from stage 1; teachers are chosen on validation cases, and relations are compared.
  version: 2,
  steps: "fullOrganSteps",
  uses: [
    "pseudoWeight",
    "stage2Start",
    "predictionSimilarity",
    "psLabels",
    "klWeight",
    "featureSimilarity",
    "featureSimilarityForm",
    "teacherErrors",
    "sharedProjection",
    "peersPerStep",
    "rampUp",
  ],
  inputs: ["completed", "specialists"],
  when: { peersPerStep: visitsInStage2, rampUp: visitsInStage2, sharedProjection: comparesModelsInStage2 },
  lacks: (study, values) => lackOfProjection(study, values) ?? lackOfCommonStart(values),
  cohortSteps: ({ training }) => training.fullOrganSteps,
  plan(study, values, { completed, specialists }: FullOrganInputs) {
    const { pseudoWeight, klWeight, stage2Start, featureSimilarityForm: form } = values;
    const visits = planVisits(study, { ...values, visitPeers: visitsInStage2(values) });
    const channels = organsOf(study), validation = validationOf(study);
    return {
      networks: Object.fromEntries(
        study.datasets.map(({ name }, i) => [
          name,
          {
            organs: channels,
            validation,
            ...startOf(i, { stage2Start, specialists }),
            ...projectionOf(i, { ...study, ...values }),
          },
        ]),
      ),
      streams: streamOfEachDataset(study, { cases: completed }),
      looksPerStep: visits.looksPerStep,
      async objective({ seed, ramp }) {
        const [{ acrossLevels, supervision, targetsOf }, { predictionSimilarity }, { teach }] = await Promise
          .all([
            import("../../training/losses.ts"),
            import("./prediction_similarity.ts"),
            import("./teach.ts"),
          ]);
        const book = createLessonBook({ margin: values.teacherErrors });
        const roundOf = ({ owner, models }: Visit, step: number) =>
          round({
            draws: [owner],
            looks: ([batch]) => looksAt(batch, models),
            terms(views, [batch]) {
              const truth = targetsOf(batch, { channels });
              const all = targetsOf(batch, { channels, pseudoWeight });
              const terms = models.flatMap((network): Term[] => {
                const view = views[network]!;
                if (network === owner) {
                  return [{ network, name: "own", value: acrossLevels(view, all, supervision), weight: 1 }];
                }
                if (values.predictionSimilarity === 0) return [];
                const labels = values.psLabels === "true" ? truth : all;
                const value = predictionSimilarity(view, labels, { peer: views[owner]!.logits, klWeight });
                const weight = visits.peerShare * ramp(step) * values.predictionSimilarity;
                return [{ network, name: "prediction_similarity", value, weight }];
              });
              if (values.featureSimilarity === 0) return terms;
              const weight = values.featureSimilarity * ramp(step) * visits.datasetShare;
              const seen = models.map((network) => views[network]!);
              return [...terms, ...teach(seen, { truth, book, dataset: owner, weight, form })];
            },
          });
        return {
          rounds: (step) => visits.of(step, seed).map((visit) => roundOf(visit, step)),
          validated: (network, scores) => book.measure(network, scores),
          memory: {
            save: () => ({ tensors: {}, meta: book.save() }),
            load: ({ meta }) => book.load(meta),
          },
        };
      },
    };
  },
});

/** A model of stage 1 is nothing without its own projection, which its head was learnt behind. */
function lackOfCommonStart(
  { sharedProjection, stage2Start }: { sharedProjection: boolean; stage2Start: string },
): string | undefined {
  if (!sharedProjection || stage2Start !== "own") return undefined;
  return "sharedProjection = true wants models that start alike (stage2Start = team or fresh), current value is own";
}

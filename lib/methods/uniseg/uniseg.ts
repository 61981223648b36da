/**
 * UniSeg: each class by itself, in two trainings, between which the network says which classes of different datasets are near each other
 * (METHOD section 8).
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import type { ClassRelation } from "../../losses/class_relation.ts";
import type { TrainedModel } from "../../training/train.ts";
import { round, type TrainingPlan } from "../../training/plan.ts";
import {
  cohort,
  fullOrganSteps,
  learningRate,
  partialOrganSteps,
  postprocessing,
  seed,
} from "../shared/common_parameters.ts";
import { defineMethod, defineStage } from "../definition/method.ts";
import { choice, flag, positive, share, where } from "../definition/parameter.ts";
import { organsOf, validationOf } from "../shared/one_network.ts";
import { lackOfSingleOrgans } from "../shared/single_organs.ts";
import { looksAt, streamOfEachDataset } from "../shared/streams.ts";

const parameters = {
  cohort,
  seed,
  partialOrganSteps,
  fullOrganSteps,
  learningRate,
  targets: choice(
    ["relational", "null", "plain"],
    "relational",
    "of classes that a dataset does not label: relational = as near as they are to the labelled one, null = nothing, plain = they are not there",
  ),
  relationThreshold: share(
    0.5,
    "cosine from which a class is related to the labelled one",
    where("targets is relational", ({ targets }) => targets === "relational"),
  ),
  cosineScale: positive(8, "by which cosines are multiplied"),
  diceLoss: flag(true, "Dice of the organs that the case labels beside the cross-entropy"),
  postprocessing,
};

const NETWORK = "network";

interface UnisegOptions {
  targets: "relational" | "null" | "plain";
  relationThreshold: number;
  cosineScale: number;
  diceLoss: boolean;
  /** @default the first training: there are none */
  relations?: readonly ClassRelation[];
  from?: TrainedModel | undefined;
}

/** One training: of the first one the relations are kept, in the second one they teach. */
function unisegPlan(
  study: PreparedStudy,
  { targets, relationThreshold, cosineScale, diceLoss, relations, from }: UnisegOptions,
): TrainingPlan {
  const channels = organsOf(study), weight = 1 / study.datasets.length;
  return {
    networks: {
      [NETWORK]: {
        organs: channels,
        validation: validationOf(study),
        head: { kind: "cosines", scale: cosineScale },
        ...from && { from },
      },
    },
    streams: streamOfEachDataset(study),
    async objective() {
      const [{ acrossLevels, organCrossEntropy, organDice, targetsOf }, { RelationBook }, wanted, { tf }] =
        await Promise.all([
          import("../../training/losses.ts"),
          import("./relation_book.ts"),
          import("./wanted.ts"),
          import("../../tensors/tf.ts"),
        ]);
      const book = new RelationBook();
      const wantedOf = (dataset: string) => {
        if (targets === "plain") return wanted.plainWanted;
        if (targets === "null" || !relations) return wanted.nullWanted;
        const own = relations.filter((relation) => relation.dataset === dataset);
        return wanted.relationalWanted(own, { threshold: relationThreshold });
      };
      return {
        rounds: () =>
          study.datasets.map(({ name: dataset }) =>
            round({
              draws: [dataset],
              looks: ([batch]) => looksAt(batch, [NETWORK]),
              terms({ [NETWORK]: look }, [batch]) {
                const value = acrossLevels(look!, batch, (logits, labels) => {
                  const of = targetsOf(labels, { channels });
                  const cross = organCrossEntropy(logits, of, wantedOf(dataset));
                  return diceLoss ? tf.add(cross, organDice(logits, of)) : cross;
                });
                if (!relations) {
                  tf.tidy(() => book.see(tf.div(look!.logits, cosineScale), { ...batch, dataset }));
                }
                return [{ network: NETWORK, name: "own", value, weight }];
              },
            })
          ),
        memory: {
          save: () => ({ tensors: {}, meta: { relations: book.save() } }),
          load: ({ meta }) => book.load(meta.relations as ClassRelation[]),
        },
      };
    },
  };
}

const first = defineStage(parameters, {
  name: "uniseg_first",
  version: 1,
  steps: "partialOrganSteps",
  uses: ["targets", "cosineScale", "diceLoss"],
  // Nothing is known of relations yet: arms that will use them share it with those that never do.
  when: { targets: where("targets is plain", ({ targets }) => targets === "plain") },
  cohortSteps: ({ training }) => training.partialOrganSteps,
  lacks: (study) => lackOfSingleOrgans(study, "a class is an organ"),
  plan: (study, { targets, ...values }) =>
    unisegPlan(study, { ...values, targets: targets === "plain" ? "plain" : "null", relationThreshold: 0 }),
});

export interface SecondInputs {
  /** The network of the first training. */
  first: readonly TrainedModel[];
  /** What the first training remembers. */
  relations: readonly ClassRelation[];
}

const second = defineStage(parameters, {
  name: "uniseg_second",
  version: 1,
  steps: "fullOrganSteps",
  uses: ["targets", "relationThreshold", "cosineScale", "diceLoss"],
  inputs: ["first", "relations"],
  cohortSteps: ({ training }) => training.fullOrganSteps,
  lacks: (study) => lackOfSingleOrgans(study, "a class is an organ"),
  plan: (study, values, { first: [from], relations }: SecondInputs) =>
    unisegPlan(study, { ...values, relations, from }),
});

export const uniseg = defineMethod({
  name: "uniseg",
  version: 1,
  title: "UniSeg",
  says: "one network, classes by themselves, related by a second training",
  about:
    "One network on the true labels of all datasets, each class by itself. Of classes that a dataset does not label the first training says nothing; in the second one " +
    "they are wanted as much as the network found them near the labelled ones.",
  source: "METHOD section 8; arXiv 2202.14030",
  parameters,
  stages: { first: { stage: first }, second: { stage: second } },
  arms: {
    uniseg_null: {
      title: "UniSeg without relations",
      says: "the same, nothing said of classes that a dataset does not label",
      about: "The same two trainings, and none says anything of classes that a dataset does not label.",
      set: { targets: "null" },
    },
    uniseg_plain: {
      title: "UniSeg, unlabelled is negative",
      says: "the same, classes that a dataset does not label are not there",
      about: "The same two trainings, and classes that a dataset does not label are taken for absent.",
      set: { targets: "plain" },
    },
  },
});

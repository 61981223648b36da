/**
 * Stage 2: one full-organ model a dataset, learning from their similarities (METHOD section 1).
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import type { StoredCase } from "../../data/store/stored_case.ts";
import type { LabelTargets } from "../../losses/allowed.ts";
import { batchDice } from "../../losses/batch_dice.ts";
import { featureSimilarity } from "./feature_similarity.ts";
import { predictionSimilarity } from "./prediction_similarity.ts";
import { supervision } from "../../losses/supervision.ts";
import type { BatchLoss, LossTerm, View } from "../../training/batch_gradients.ts";
import { targetsOf } from "../../training/batch_targets.ts";
import { createLessonBook, type LessonBook, type LessonRow } from "./lesson_book.ts";
import type { Recorder } from "../../training/recorder.ts";
import {
  type LossContext,
  type LossState,
  type Member,
  type TrainedModel,
  type TrainingSettings,
  trainTeam,
} from "../../training/team.ts";

export interface FullOrganOptions extends TrainingSettings {
  /** w_ps, weight of voxels with a pseudo label. @default 1 */
  pseudoWeight?: number;
  /** λ_PS, weight of the prediction similarity; 0 is off. @default 1 */
  predictionSimilarity?: number;
  /** Weight, within PS, of the symmetric KL divergence to the dataset's own model. @default 0 */
  klWeight?: number;
  /** λ_DFS, weight of the dynamic feature similarity; 0 is off. @default 1 */
  featureSimilarity?: number;
  /** δ: a teacher must be better than its student by more than this much Dice. @default 0.02 */
  teacherMargin?: number;
  /** Share of the old value kept in the teachers' moving averages. @default 0.99 */
  teacherDecay?: number;
}

type Weights = Required<Omit<FullOrganOptions, keyof TrainingSettings>>;

const DEFAULTS: Weights = {
  pseudoWeight: 1,
  predictionSimilarity: 1,
  klWeight: 0,
  featureSimilarity: 1,
  teacherMargin: 0.02,
  teacherDecay: 0.99,
};

/** Full-organ models, and who taught whom. */
export interface FullOrganTeam {
  models: TrainedModel[];
  lessons: LessonRow[];
}

/**
 * Trains a full-organ model for each dataset on its completed cases. The caller disposes the models.
 *
 * @param completed training cases of each dataset with pseudo labels
 */
export async function trainFullOrganModels(
  study: PreparedStudy,
  recorder: Recorder,
  options: FullOrganOptions & { completed: readonly (readonly StoredCase[])[] },
): Promise<FullOrganTeam> {
  const weights = weightsOf(options);
  const { datasets, organs } = study;
  const { models, lossState } = await trainTeam(study, recorder, {
    ...options,
    stage: "full_organ",
    members: datasets.map(({ name }, i): Member => ({
      name,
      organs: organs.map(({ number }) => number),
      own: [i],
      seed: options.seed ?? 1,
      validation: datasets.flatMap(({ validation }) => validation),
    })),
    cases: options.completed,
    defaultSteps: study.training.fullOrganSteps,
    visitPeers: weights.predictionSimilarity > 0 || weights.featureSimilarity > 0,
    loss: (context) => {
      const book = createLessonBook({ decay: weights.teacherDecay, margin: weights.teacherMargin });
      return { loss: fullOrganLoss(weights, { ...context, book }), state: book as LossState };
    },
    identity: weights,
  });
  return { models, lessons: createLessonBook({}, lossState).rows() };
}

/** Options of a term that is off leave no trace in a stage's identity. */
function weightsOf(options: FullOrganOptions): Weights {
  const weights = { ...DEFAULTS };
  for (const key of Object.keys(DEFAULTS) as (keyof Weights)[]) weights[key] = options[key] ?? DEFAULTS[key];
  if (weights.predictionSimilarity === 0) weights.klWeight = DEFAULTS.klWeight;
  if (weights.featureSimilarity === 0) {
    [weights.teacherMargin, weights.teacherDecay] = [DEFAULTS.teacherMargin, DEFAULTS.teacherDecay];
  }
  return weights;
}

/** L_FOS,i = full + λ_PS·mean_j PS + λ_DFS·DFS; means are over the datasets visited in the step. */
function fullOrganLoss(weights: Weights, context: LossContext & { book: LessonBook }): BatchLoss {
  const { peerShare, datasetShare, ramp, book } = context;
  return (batch, views, step) => {
    const owner = views.find((view) => view.own)!;
    const channels = owner.learner.organs;
    const truth = targetsOf(batch, { channels });
    const terms = views.flatMap(({ learner, own, logits }): LossTerm[] => {
      if (own) {
        const completed = targetsOf(batch, { channels, pseudo: true, pseudoWeight: weights.pseudoWeight });
        return [{ learner, name: "own", value: supervision(logits, completed), weight: 1 }];
      }
      if (weights.predictionSimilarity === 0) return [];
      const { klWeight } = weights;
      const value = predictionSimilarity(logits, truth, { peer: owner.logits, klWeight });
      return [{
        learner,
        name: "prediction_similarity",
        value,
        weight: peerShare * ramp(step) * weights.predictionSimilarity,
      }];
    });
    if (weights.featureSimilarity > 0) {
      const dataset = owner.learner.name;
      terms.push(
        ...teach(views, {
          truth,
          book,
          dataset,
          weight: weights.featureSimilarity * ramp(step) * datasetShare,
        }),
      );
    }
    return terms;
  };
}

interface TeachOptions {
  truth: LabelTargets;
  book: LessonBook;
  /** Name of the batch's dataset. */
  dataset: string;
  weight: number;
}

/**
 * Each model learns each organ's features from the best of the models at hand. Who is best was measured on crops
 * before this one; afterwards this one is measured for those that come.
 */
function teach(views: readonly View[], { truth, book, dataset, weight }: TeachOptions): LossTerm[] {
  const organs = [...new Set(truth.tables.flatMap(({ trueSet }) => trueSet))];
  const present = views.map(({ learner }) => learner.name);
  const terms = views.map(({ learner, features }): LossTerm => {
    const lessons = organs.flatMap((organ) => {
      const choice = book.choose(learner.name, organ, { among: present, dataset });
      return choice
        ? [{ organ, weight: choice.weight, features: views[present.indexOf(choice.teacher)].features }]
        : [];
    });
    return {
      learner,
      name: "feature_similarity",
      value: featureSimilarity(features, lessons, { targets: truth }),
      weight,
    };
  });
  for (const { learner, logits } of views) book.measure(learner.name, batchDice(logits, truth));
  return terms;
}

/**
 * Stage 1: one partial-organ model a dataset, learning from their differences (METHOD section 1).
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import { featureDifference, type FeatureDifferenceOptions } from "./feature_difference.ts";
import { predictionDifference, type PredictionDifferenceOptions } from "./prediction_difference.ts";
import { supervision } from "../../losses/supervision.ts";
import type { BatchLoss, LossTerm } from "../../training/batch_gradients.ts";
import { targetsOf } from "../../training/batch_targets.ts";
import type { Recorder } from "../../training/recorder.ts";
import {
  type LossContext,
  type Member,
  type TrainedModel,
  type TrainingSettings,
  trainTeam,
} from "../../training/team.ts";

export interface PartialOrganOptions extends TrainingSettings {
  /** λ_PD, weight of the prediction difference; 0 is off. @default 1 */
  predictionDifference?: number;
  /** Its form: "label", "recall", "exclusion" or "peer". @default "label" */
  predictionDifferenceForm?: PredictionDifferenceOptions["form"];
  /** Whether a peer's labels of an organ the model owns teach it too. @default true */
  sharedOrgans?: boolean;
  /** λ_FD, weight of the feature difference; 0 is off. @default 0.1 */
  featureDifference?: number;
  /** Its form: "prototype" or "voxel". @default "prototype" */
  featureDifferenceForm?: FeatureDifferenceOptions["mode"];
  /** All models start from the same weights, so that their features have one basis. @default true */
  sharedInitialisation?: boolean;
}

type Weights = Required<Omit<PartialOrganOptions, keyof TrainingSettings | "sharedInitialisation">>;

const DEFAULTS: Weights = {
  predictionDifference: 1,
  predictionDifferenceForm: "label",
  sharedOrgans: true,
  featureDifference: 0.1,
  featureDifferenceForm: "prototype",
};

/**
 * Trains a partial-organ model for each dataset, with the organs that dataset shows, and returns each with its
 * checkpoint of best validation. The caller disposes the models.
 */
export async function trainPartialOrganModels(
  study: PreparedStudy,
  recorder: Recorder,
  options: PartialOrganOptions = {},
): Promise<TrainedModel[]> {
  const { seed = 1, sharedInitialisation = true } = options;
  const weights = weightsOf(options);
  const { models } = await trainTeam(study, recorder, {
    ...options,
    stage: "partial_organ",
    members: study.datasets.map(({ name, organs, validation }, i): Member => ({
      name,
      organs,
      own: [i],
      validation,
      seed: sharedInitialisation ? seed : seed + i,
    })),
    cases: study.datasets.map(({ training }) => training),
    defaultSteps: study.training.partialOrganSteps,
    visitPeers: weights.predictionDifference > 0 || weights.featureDifference > 0,
    loss: (context) => ({ loss: partialOrganLoss(weights, context) }),
    identity: weights,
  });
  return models;
}

/** An option that is switched off leaves no trace in a stage's identity, whatever its form. */
function weightsOf(options: PartialOrganOptions): Weights {
  const weights = { ...DEFAULTS };
  for (const key of Object.keys(DEFAULTS) as (keyof Weights)[]) {
    Object.assign(weights, { [key]: options[key] ?? DEFAULTS[key] });
  }
  if (weights.featureDifference === 0) weights.featureDifferenceForm = DEFAULTS.featureDifferenceForm;
  if (weights.predictionDifference === 0) {
    weights.predictionDifferenceForm = DEFAULTS.predictionDifferenceForm;
    weights.sharedOrgans = DEFAULTS.sharedOrgans;
  }
  return weights;
}

/** L_POS,i = own + λ_PD·mean_j PD + λ_FD·mean_j FD; the mean is over the peers visited in the step. */
function partialOrganLoss(weights: Weights, { peerShare, ramp }: LossContext): BatchLoss {
  return (batch, views, step) => {
    const owner = views.find((view) => view.own)!;
    const ownerTargets = targetsOf(batch, { channels: owner.learner.organs });
    return views.flatMap(({ learner, own, logits, features }): LossTerm[] => {
      if (own) return [{ learner, name: "own", value: supervision(logits, ownerTargets), weight: 1 }];
      const targets = targetsOf(batch, { channels: learner.organs, sharedOrgans: weights.sharedOrgans });
      const share = peerShare * ramp(step);
      const terms: LossTerm[] = [];
      if (weights.predictionDifference > 0) {
        const peer = { logits: owner.logits, targets: ownerTargets };
        const value = predictionDifference(logits, targets, { form: weights.predictionDifferenceForm, peer });
        terms.push({
          learner,
          name: "prediction_difference",
          value,
          weight: share * weights.predictionDifference,
        });
      }
      if (weights.featureDifference > 0) {
        const mode = weights.featureDifferenceForm;
        const value = featureDifference({ logits, features }, owner.features, { mode, targets });
        terms.push({ learner, name: "feature_difference", value, weight: share * weights.featureDifference });
      }
      return terms;
    });
  };
}

/**
 * Parameters of deep mutual learning.
 *
 * @module
 */
import {
  cohort,
  distilSteps,
  fullOrganSteps,
  inference,
  learningRate,
  partialOrganSteps,
  postprocessing,
  pseudoLabelParameters,
  pseudoWeight,
  seed,
  sharedInitialisation,
  stage2Start,
} from "../shared/common_parameters.ts";
import { choice, count, flag, real, share, weight, type When, where } from "../definition/parameter.ts";

const isOn = (...weights: string[]): When =>
  where(`${weights.join(" or ")} is not 0`, (values) => weights.some((name) => values[name] !== 0));
const isEither = (a: When, b: When): When =>
  where(`${a.words}, or ${b.words}`, (values) => a(values) || b(values));
const bySharing = isOn("featureSimilarity");

/** Stage 1 compares features of two models, which means something only in a space that they share. */
export const comparesModelsInStage1: When = where(
  "featureDifference is not 0 and featureDifferenceForm is not relations",
  ({ featureDifference, featureDifferenceForm: form }) => featureDifference !== 0 && form !== "relations",
);
/** Stage 2 does. */
export const comparesModelsInStage2: When = where(
  "featureSimilarity is not 0 and featureSimilarityForm is not relations",
  ({ featureSimilarity, featureSimilarityForm: form }) => featureSimilarity !== 0 && form !== "relations",
);

/** Models of stage 1 look at their peers' datasets. */
export const visitsInStage1 = isOn("predictionDifference", "featureDifference");
/** Models of stage 2 do. */
export const visitsInStage2 = isOn("predictionSimilarity", "featureSimilarity");
/** Any of them do. */
export const visits = isEither(visitsInStage1, visitsInStage2);

export const mutualParameters = {
  cohort,
  seed,
  partialOrganSteps,
  fullOrganSteps,
  learningRate,
  predictionDifference: weight(1, "weight of prediction difference (PD); 0 = off"),
  predictionDifferenceForm: choice(
    ["label", "recall", "exclusion", "peer"],
    "label",
    "label = cross-entropy; recall, exclusion = overlap, as a share, as Dice; peer = label, and what third models predict",
    isOn("predictionDifference"),
  ),
  sharedOrgans: flag(
    true,
    "a peer's labels of an organ the model owns teach it too",
    isOn("predictionDifference"),
  ),
  featureDifference: weight(0.1, "weight of feature difference (FD); 0 = off"),
  featureDifferenceForm: choice(
    ["relations", "prototype", "voxel"],
    "relations",
    "relations = organs' mean features within a model; between two models: prototype = mean features, voxel = of each voxel",
    isOn("featureDifference"),
  ),
  sharedInitialisation,
  sharedProjection: flag(
    false,
    "the models of a stage share one projection of the features that they compare (the cohort's network.projection)",
    isEither(comparesModelsInStage1, comparesModelsInStage2),
  ),
  peersPerStep: count(0, "peers' datasets each model visits in a step; 0 = all", visits),
  rampUp: share(0.2, "share of a stage's steps over which mutual terms grow to their weight", visits),
  ...pseudoLabelParameters,
  pseudoWeight,
  stage2Start,
  predictionSimilarity: weight(1, "weight of prediction similarity (PS); 0 = off"),
  psLabels: choice(
    ["true", "completed"],
    "true",
    "labels of other datasets that PS learns from: true, or completed = true and pseudo labels",
    isOn("predictionSimilarity"),
  ),
  klWeight: weight(
    0,
    "weight, within PS, of the symmetric KL divergence to the dataset's own model",
    isOn("predictionSimilarity"),
  ),
  featureSimilarity: weight(1, "weight of dynamic feature similarity (DFS); 0 = off"),
  featureSimilarityForm: choice(
    ["relations", "voxel"],
    "relations",
    "relations = how an organ's mean features lie to all others', within a model; voxel = features of each voxel, between two",
    bySharing,
  ),
  teacherErrors: real(
    1,
    "a teacher's validation Dice is better than its student's by more than so many standard errors of the difference",
    bySharing,
  ),
  inference,
  distilSteps,
  postprocessing,
};

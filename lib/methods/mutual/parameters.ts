/**
 * Parameters of deep mutual learning.
 *
 * @module
 */
import {
  cohort,
  fullOrganSteps,
  inference,
  learningRate,
  partialOrganSteps,
  postprocessing,
  pseudoLabelParameters,
  pseudoWeight,
  seed,
  sharedInitialisation,
} from "../shared/common_parameters.ts";
import { choice, count, flag, real, share, weight, type When } from "../definition/parameter.ts";

const isOn = (...weights: string[]): When => (values) => weights.some((name) => values[name] !== 0);
const bySharing = isOn("featureSimilarity");

/** Models of stage 1 look at their peers' datasets. */
export const visitsInStage1 = isOn("predictionDifference", "featureDifference");
/** Models of stage 2 do. */
export const visitsInStage2 = isOn("predictionSimilarity", "featureSimilarity");
const visits: When = (values) => visitsInStage1(values) || visitsInStage2(values);

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
    "label = cross-entropy; recall, exclusion = overlap, as a share, as Dice; peer = label, and what a peer predicts",
    isOn("predictionDifference"),
  ),
  sharedOrgans: flag(
    true,
    "a peer's labels of an organ the model owns teach it too",
    isOn("predictionDifference"),
  ),
  featureDifference: weight(0.1, "weight of feature difference (FD); 0 = off"),
  featureDifferenceForm: choice(
    ["prototype", "voxel"],
    "prototype",
    "prototype = mean features of organs; voxel = features of each voxel",
    isOn("featureDifference"),
  ),
  sharedInitialisation,
  peersPerStep: count(0, "peers' datasets each model visits in a step; 0 = all", visits),
  rampUp: share(0.2, "share of a stage's steps over which mutual terms grow to their weight", visits),
  ...pseudoLabelParameters,
  pseudoWeight,
  predictionSimilarity: weight(1, "weight of prediction similarity (PS); 0 = off"),
  klWeight: weight(
    0,
    "weight, within PS, of the symmetric KL divergence to the dataset's own model",
    isOn("predictionSimilarity"),
  ),
  featureSimilarity: weight(1, "weight of dynamic feature similarity (DFS); 0 = off"),
  teacherMargin: real(0.02, "a teacher must be better than its student by this much Dice", bySharing),
  teacherDecay: share(0.99, "share kept in the teachers' moving averages", bySharing),
  inference,
  postprocessing,
};

/**
 * The parameters that experiments have in common, each written once: what it is by default, what it may be, what it
 * means.
 *
 * @module
 */
import { count, integer, nonNegative, oneOf, real, type Rule, share, text, truth } from "./rules.ts";

export type ParameterValue = number | string | boolean;

export interface MethodParameter {
  /** Where an experiment says nothing else; as a stage's option that is not given. */
  default: ParameterValue;
  rule: Rule;
  /** Unit and meaning, as the comment in a notebook's cell. */
  meaning: string;
}

export const parameters = {
  cohort: {
    default: "phantom",
    rule: text,
    meaning: "a name of experiments/cohorts, or the path of a JSON file",
  },
  seed: { default: 1, rule: integer, meaning: "of weights, patches, augmentation and peers" },
  showAll: {
    default: true,
    rule: truth,
    meaning: "training and validation cases show every annotated organ",
  },
  partialOrganSteps: {
    default: 0,
    rule: count,
    meaning: "optimiser steps of stage 1; 0 = the cohort's",
  },
  fullOrganSteps: { default: 0, rule: count, meaning: "optimiser steps of stage 2; 0 = the cohort's" },
  learningRate: {
    default: 0,
    rule: nonNegative,
    meaning: "at the end of the warm-up; 0 = the cohort's",
  },
  predictionDifference: { default: 1, rule: nonNegative, meaning: "weight of PD; 0 = off" },
  predictionDifferenceForm: {
    default: "label",
    rule: oneOf("label", "recall", "exclusion", "peer"),
    meaning: "label, recall, exclusion or peer",
  },
  sharedOrgans: {
    default: true,
    rule: truth,
    meaning: "a peer's labels of an organ the model owns teach it too",
  },
  featureDifference: { default: 0.1, rule: nonNegative, meaning: "weight of FD; 0 = off" },
  featureDifferenceForm: {
    default: "prototype",
    rule: oneOf("prototype", "voxel"),
    meaning: "prototype or voxel",
  },
  sharedInitialisation: {
    default: true,
    rule: truth,
    meaning: "all partial-organ models start from the same weights",
  },
  peersPerStep: {
    default: 0,
    rule: count,
    meaning: "peers' datasets each model visits in a step; 0 = all",
  },
  rampUp: {
    default: 0.2,
    rule: share,
    meaning: "share of a stage's steps over which mutual terms grow to their weight",
  },
  organThreshold: {
    default: 0.5,
    rule: share,
    meaning: "probability above which an organ becomes a pseudo label",
  },
  backgroundThreshold: {
    default: 0.3,
    rule: share,
    meaning: "probability below which a voxel is background",
  },
  clean: {
    default: true,
    rule: truth,
    meaning: "keep the largest component of each pseudo-labelled organ",
  },
  confidenceFilter: {
    default: 0.7,
    rule: share,
    meaning: "least mean probability of a pseudo label; 0 = off",
  },
  agreementFilter: {
    default: 0.6,
    rule: share,
    meaning: "least Dice between owners, or disturbed copies; 0 = off",
  },
  volumeFilter: {
    default: 4,
    rule: nonNegative,
    meaning: "largest distance from the median true volume, robust std; 0 = off",
  },
  outlierFilter: {
    default: 0.05,
    rule: share,
    meaning: "share of the strangest pseudo labels dropped; 0 = off",
  },
  pseudoWeight: { default: 1, rule: nonNegative, meaning: "weight of voxels with a pseudo label" },
  predictionSimilarity: { default: 1, rule: nonNegative, meaning: "weight of PS; 0 = off" },
  klWeight: {
    default: 0,
    rule: nonNegative,
    meaning: "weight, within PS, of the symmetric KL divergence to the dataset's own model",
  },
  featureSimilarity: { default: 1, rule: nonNegative, meaning: "weight of DFS; 0 = off" },
  teacherMargin: {
    default: 0.02,
    rule: real,
    meaning: "a teacher must be better than its student by this much Dice",
  },
  teacherDecay: { default: 0.99, rule: share, meaning: "share kept in the teachers' moving averages" },
  inference: {
    default: "best",
    rule: oneOf("best", "mean"),
    meaning: "best = the model best on validation, mean = of all",
  },
} as const satisfies Record<string, MethodParameter>;

export type ParameterName = keyof typeof parameters;

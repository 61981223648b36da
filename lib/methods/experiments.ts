/**
 * The project's experiments: which parameters each has, and which of them it sets otherwise. Notebooks show the same
 * values; these are the ones that count.
 *
 * @module
 */
import { type MethodParameter, type ParameterName, parameters, type ParameterValue } from "./parameters.ts";

export interface Experiment {
  /** What it is, as a line. */
  description: string;
  /** In the order of its notebook's cell. */
  parameters: readonly ParameterName[];
  /** Defaults that are not those of {@linkcode parameters}. @default none */
  overrides?: Readonly<Partial<Record<ParameterName, ParameterValue>>>;
  /** Meanings that are not those of {@linkcode parameters}. @default none */
  meanings?: Readonly<Partial<Record<ParameterName, string>>>;
}

const every = (Object.keys(parameters) as ParameterName[]).filter((name) => name !== "showAll");
const stepsOfBoth = {
  fullOrganSteps: "optimiser steps of the network; 0 = the cohort's of both stages together",
};

/** The method, what is taken from it, its simpler relatives, the upper bound: the order of tables and figures. */
export const experiments: Readonly<Record<string, Experiment>> = {
  mutual: { description: "the method", parameters: every },
  no_mutual_difference: {
    description: "the method without prediction and feature difference",
    parameters: every,
    overrides: { predictionDifference: 0, featureDifference: 0 },
  },
  no_similarity: {
    description: "the method without similarity",
    parameters: every,
    overrides: { predictionSimilarity: 0, featureSimilarity: 0 },
  },
  no_feature_sharing: {
    description: "the method without feature sharing",
    parameters: every,
    overrides: { featureSimilarity: 0 },
  },
  independent: {
    description: "all mutual terms off: each model learns from its own dataset",
    parameters: every,
    overrides: {
      predictionDifference: 0,
      featureDifference: 0,
      predictionSimilarity: 0,
      featureSimilarity: 0,
    },
  },
  pooled: {
    description: "one network on all datasets' true and pseudo labels",
    parameters: [
      ...["cohort", "seed", "partialOrganSteps", "fullOrganSteps", "learningRate"] as const,
      ...["sharedInitialisation", "organThreshold", "backgroundThreshold", "clean"] as const,
      ...["confidenceFilter", "agreementFilter", "volumeFilter", "outlierFilter", "pseudoWeight"] as const,
    ],
  },
  partial_merged: {
    description: "stage 1 of independent, merged, no stage 2",
    parameters: ["cohort", "seed", "partialOrganSteps", "learningRate", "sharedInitialisation"],
  },
  single_marginal: {
    description: "one network on all true labels, no pseudo labels",
    parameters: ["cohort", "seed", "fullOrganSteps", "learningRate"],
    meanings: stepsOfBoth,
  },
  oracle: {
    description: "one network with every label shown: the upper bound",
    parameters: ["cohort", "seed", "showAll", "fullOrganSteps", "learningRate"],
    meanings: stepsOfBoth,
  },
};

/** A parameter as one experiment has it. */
export interface ExperimentParameter extends Pick<MethodParameter, "rule" | "meaning"> {
  name: ParameterName;
  /** The experiment's default. */
  value: ParameterValue;
}

/**
 * An experiment's parameters with their defaults, rules and meanings, in the order of its notebook's cell; undefined when
 * it is none of the project's.
 */
export function experimentParameters(experiment: string): ExperimentParameter[] | undefined {
  if (!Object.hasOwn(experiments, experiment)) return undefined;
  const { parameters: names, overrides = {}, meanings = {} } = experiments[experiment];
  return names.map((name) => ({
    name,
    value: overrides[name] ?? parameters[name].default,
    rule: parameters[name].rule,
    meaning: meanings[name] ?? parameters[name].meaning,
  }));
}

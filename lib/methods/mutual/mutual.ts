/**
 * Deep mutual learning, the main method, and its ablations.
 *
 * @module
 */
import { defineMethod } from "../definition/method.ts";
import { isDistilled } from "../shared/common_parameters.ts";
import { distilled } from "../shared/distilled.ts";
import { fullOrgan } from "./full_organ.ts";
import { mutualParameters, visits } from "./parameters.ts";
import { partialOrgan } from "./partial_organ.ts";

const noDifference = { predictionDifference: 0, featureDifference: 0 };
const noSimilarity = { predictionSimilarity: 0, featureSimilarity: 0 };

/** Values of stage 1 where models learn from their own datasets alone. */
export const allOff = noDifference;

export const mutual = defineMethod({
  name: "mutual",
  version: 2,
  title: "Mutual learning",
  says: "the method",
  about:
    "The method in two stages: partial-organ models that learn from their differences, pseudo labels, full-organ models that learn from their similarities.",
  source: "METHOD section 1; Liu, Qu, Xie, Shi, Song, arXiv 2407.12611",
  parameters: mutualParameters,
  odd: ({ name, datasets }, values) =>
    datasets.length === 1 && visits(values)
      ? `${name} has one dataset, so that no model has a peer: mutual terms act on nothing, and numbers are those of independent`
      : undefined,
  stages: {
    partial_organ: { stage: partialOrgan },
    full_organ: { stage: fullOrgan },
    distilled: { stage: distilled, when: isDistilled },
  },
  arms: {
    no_mutual_difference: {
      title: "Without mutual difference",
      says: "the method without prediction and feature difference",
      about:
        "`mutual` without prediction difference and feature difference: each partial-organ model learns from its own dataset alone.",
      notebook: true,
      set: noDifference,
    },
    no_similarity: {
      title: "Without similarity",
      says: "the method without similarity",
      about:
        "`mutual` without prediction similarity and dynamic feature similarity: each full-organ model learns from its own completed dataset alone.",
      notebook: true,
      set: noSimilarity,
    },
    no_feature_sharing: {
      title: "Without feature sharing",
      says: "the method without feature sharing",
      about: "`mutual` without dynamic feature similarity: full-organ models share labels, not features.",
      notebook: true,
      set: { featureSimilarity: 0 },
    },
    mutual_completed: {
      title: "Mutual learning, completed labels",
      says: "the method, its prediction similarity from true and pseudo labels",
      about:
        "`mutual`, with prediction similarity on the true and the pseudo labels of the other datasets: an extension.",
      set: { psLabels: "completed" },
    },
    independent: {
      title: "Independent",
      says: "all mutual terms off: each model learns from its own dataset",
      about:
        "All mutual terms off: partial-organ models, pseudo labels, full-organ models, each from its own dataset alone.",
      notebook: true,
      set: { ...noDifference, ...noSimilarity },
    },
  },
});

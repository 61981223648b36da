/**
 * Parameters that several methods have.
 *
 * @module
 */
import {
  choice,
  count,
  flag,
  integer,
  share,
  text,
  weight,
  type When,
  where,
} from "../definition/parameter.ts";

/** Whether one network is to learn what the others predict together. */
export const isDistilled: When = where(
  "inference is distilled",
  ({ inference }) => inference === "distilled",
);

export const cohort = text("phantom", "a name of experiments/cohorts, or the path of a JSON file");
export const seed = integer(1, "of weights, patches, augmentation and peers");
export const partialOrganSteps = count(0, "optimiser steps of stage 1; 0 = the cohort's");
export const fullOrganSteps = count(0, "optimiser steps of stage 2; 0 = the cohort's");
/** Of arms that train one network once: arms have equal optimiser steps. */
export const stepsOfBoth = count(
  0,
  "optimiser steps of the network; 0 = the cohort's of both stages together",
);
export const learningRate = weight(0, "at the end of the warm-up; 0 = the cohort's");
export const showAll = flag(false, "training and validation cases show every annotated organ");
export const sharedInitialisation = flag(true, "all partial-organ models start from the same weights");
export const pseudoWeight = weight(1, "weight of voxels with a pseudo label");
export const stage2Start = choice(
  ["fresh", "own", "team"],
  "own",
  "weights that stage 2 starts from: own = the dataset's model of stage 1, team = the first dataset's, fresh = drawn",
);
export const inference = choice(
  ["best", "mean", "distilled"],
  "best",
  "best = the model best on validation, mean = of all, distilled = one network that has learnt the mean",
);
export const distilSteps = count(
  0,
  "optimiser steps of the distilled network; 0 = half the cohort's of stage 2",
  isDistilled,
);
/** Of every method whose notebook evaluates: an advantage must be the method's own. */
export const postprocessing = flag(
  true,
  "components of an organ are taken away where its validation Dice rises by it",
);

/** How label maps are completed (METHOD section 1, pseudo labels). */
export const pseudoLabelParameters = {
  organThreshold: share(0.5, "probability above which an organ becomes a pseudo label"),
  backgroundThreshold: share(0.3, "probability below which a voxel is background"),
  clean: flag(true, "keep the largest component of each pseudo-labelled organ; others are undecided"),
  confidenceFilter: share(0.7, "least mean probability of a pseudo label; 0 = off"),
  agreementFilter: share(0.6, "least Dice between owners, or disturbed copies; 0 = off"),
  volumeFilter: weight(4, "largest distance from the median true volume, robust std; 0 = off"),
  featureFilter: weight(8, "largest distance above the median of true organs' features, robust std; 0 = off"),
  centreFeatures: flag(
    true,
    "features are compared less their dataset's median",
    where("featureFilter is above 0", ({ featureFilter }) => Number(featureFilter) > 0),
  ),
};

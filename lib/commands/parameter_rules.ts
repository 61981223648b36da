/**
 * What the experiments' parameters may be, checked before anything starts: a misspelt word must not end, or silently
 * change, a run of hours.
 *
 * @module
 */
import { z } from "zod";
import type { Parameters } from "../runs/parameters.ts";

const share = z.number().min(0).max(1);
const weight = z.number().min(0);
const count = z.int().min(0);

const rules = z.looseObject({
  seed: z.int(),
  partialOrganSteps: count,
  fullOrganSteps: count,
  learningRate: weight,
  predictionDifference: weight,
  predictionDifferenceForm: z.enum(["label", "recall", "exclusion", "peer"]),
  featureDifference: weight,
  featureDifferenceForm: z.enum(["prototype", "voxel"]),
  peersPerStep: count,
  rampUp: share,
  organThreshold: share,
  backgroundThreshold: share,
  confidenceFilter: share,
  agreementFilter: share,
  volumeFilter: weight,
  outlierFilter: share,
  pseudoWeight: weight,
  predictionSimilarity: weight,
  klWeight: weight,
  featureSimilarity: weight,
  teacherDecay: share,
  inference: z.enum(["best", "mean"]),
}).partial();

/**
 * Checks the parameters that the method knows; an experiment's own ones are its own affair.
 *
 * @throws Error naming all that are wrong
 */
export function checkParameters(parameters: Parameters): void {
  const { error } = rules.safeParse(parameters);
  if (!error) return;
  const problems = error.issues.map(({ path: [name], message }) =>
    `${String(name)}: ${message}, current value is ${JSON.stringify(parameters[String(name)])}`
  );
  throw new Error(`Cannot set parameters: ${problems.join("; ")}`);
}

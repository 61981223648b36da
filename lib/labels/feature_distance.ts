/**
 * How unlike the true organs a pseudo-labelled one looks in feature space: METHOD section 6 (after COSST,
 * arXiv 2304.14030).
 *
 * @module
 */
import { CholeskyDecomposition, covariance, Matrix } from "ml-matrix";

/** Weight of the scaled identity in the covariance: with few true organs the sample covariance is singular. */
const SHRINKAGE = 0.1;

/** Masked mean of last decoder features, [feature]. */
export type Feature = readonly number[];

/**
 * Mahalanobis distance of each feature to the reference features, with the covariance shrunk towards a multiple of
 * the identity: Σ = (1 - s)·S + s·(tr S / d)·I.
 *
 * @param reference those of truly labelled organs, from the same model; at least two
 * @returns NaN where a feature, or one of the reference, is no number
 */
export function featureDistances(features: readonly Feature[], reference: readonly Feature[]): number[] {
  const rows = new Matrix(reference.map((feature) => [...feature]));
  const mean = rows.mean("column");
  const sample = covariance(rows);
  // Of a network that diverged nothing can be told.
  if (!Number.isFinite(sample.trace())) return features.map(() => NaN);
  const identity = SHRINKAGE * sample.trace() / sample.rows + Number.EPSILON;
  const shrunk = sample.mul(1 - SHRINKAGE).add(Matrix.eye(sample.rows).mul(identity));
  const factor = new CholeskyDecomposition(shrunk);
  return features.map((feature) => {
    const offset = Matrix.columnVector(feature.map((value, i) => value - mean[i]!));
    return Math.sqrt(offset.dot(factor.solve(offset)));
  });
}

/**
 * Distance of each feature to all the others, which do not know it: what distances of features that are as they should be look like.
 * Among its own reference a feature would be too near, the nearer the fewer there are.
 *
 * @param features at least three
 */
export function leaveOneOutDistances(features: readonly Feature[]): number[] {
  // Each with a factorisation of its own: the shrinkage changes with the feature left out, so that no update of one is exact.
  return features.map((feature, index) => featureDistances([feature], features.toSpliced(index, 1))[0]!);
}

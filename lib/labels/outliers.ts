/**
 * How unlike the true organs a pseudo-labelled one looks in feature space: METHOD section 6 (after COSST,
 * arXiv 2304.14030).
 *
 * @module
 */

/** Weight of the scaled identity in the covariance: with few true organs the sample covariance is singular. */
const SHRINKAGE = 0.1;

/**
 * Mahalanobis distance of each feature to the reference features, with the covariance shrunk towards a multiple of
 * the identity: Σ = (1 - s)·S + s·(tr S / d)·I.
 *
 * @param features masked means of last decoder features, each [feature]
 * @param reference those of truly labelled organs, from the same model; at least two
 */
export function mahalanobisDistances(
  features: readonly Float32Array[],
  reference: readonly Float32Array[],
): number[] {
  const d = reference[0].length, n = reference.length;
  const mean = Float64Array.from({ length: d }, (_, i) => reference.reduce((sum, f) => sum + f[i], 0) / n);
  const covariance = Array.from({ length: d }, (_, i) =>
    Float64Array.from(
      { length: d },
      (_, j) => reference.reduce((sum, f) => sum + (f[i] - mean[i]) * (f[j] - mean[j]), 0) / (n - 1),
    ));
  const trace = covariance.reduce((sum, row, i) => sum + row[i], 0);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) covariance[i][j] *= 1 - SHRINKAGE;
    covariance[i][i] += SHRINKAGE * trace / d + Number.EPSILON;
  }
  const lower = cholesky(covariance);
  return features.map((feature) =>
    Math.hypot(...solveLower(lower, feature.map((value, i) => value - mean[i])))
  );
}

/** L with L·Lᵀ = A, for a positive definite A. */
function cholesky(a: Float64Array[]): Float64Array[] {
  const lower = a.map((row) => new Float64Array(row.length));
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i][j];
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(sum) : sum / lower[j][j];
    }
  }
  return lower;
}

/** x with L·x = b. The squared length of x is the squared Mahalanobis distance of b. */
function solveLower(lower: Float64Array[], b: Float32Array): Float64Array {
  const x = new Float64Array(b.length);
  for (let i = 0; i < b.length; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= lower[i][k] * x[k];
    x[i] = sum / lower[i][i];
  }
  return x;
}

/**
 * Intensity normalisation: the same for training and for new scans.
 *
 * @module
 */

/** Clip to [low, high] HU, then subtract `mean` and divide by `std` (both HU, over the cohort's organs). */
export interface CtIntensity {
  scheme: "ct";
  clipHu: readonly [low: number, high: number];
  mean: number;
  std: number;
}

/**
 * Subtract the scan's own mean and divide by its own standard deviation, over ALL of its voxels, as nnU-Net does
 * for whole (uncropped, unmasked) images: a mask of non-zero voxels would depend on how the background was
 * written.
 */
export interface MrIntensity {
  scheme: "mr";
}

export type Intensity = CtIntensity | MrIntensity;

/**
 * Normalises voxels into a new array.
 *
 * @param voxels float32 intensities in the scan's units, all finite, any shape
 */
export function normaliseIntensity(voxels: Float32Array, intensity: Intensity): Float32Array<ArrayBuffer> {
  const normalised = new Float32Array(voxels.length);
  if (intensity.scheme === "ct") {
    const [low, high] = intensity.clipHu;
    const { mean, std } = intensity;
    for (let v = 0; v < voxels.length; v++) {
      normalised[v] = (Math.min(high, Math.max(low, voxels[v]!)) - mean) / std;
    }
    return normalised;
  }
  let sum = 0;
  for (let v = 0; v < voxels.length; v++) sum += voxels[v]!;
  const mean = sum / voxels.length;
  // A second pass: E[x²] - E[x]² would cancel where the mean is large against the spread.
  let squares = 0;
  for (let v = 0; v < voxels.length; v++) squares += (voxels[v]! - mean) ** 2;
  // A constant scan becomes all zeros.
  const std = Math.max(Math.sqrt(squares / voxels.length), 1e-8);
  for (let v = 0; v < voxels.length; v++) normalised[v] = (voxels[v]! - mean) / std;
  return normalised;
}

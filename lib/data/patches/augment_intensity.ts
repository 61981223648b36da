/**
 * Intensity augmentation of a patch, in nnU-Net's order: noise, brightness, contrast, gamma.
 *
 * @module
 */
import type { Augmentation } from "./augment_options.ts";
import { addNormalNoise, chance, type RandomGenerator, uniform } from "../random.ts";

/**
 * Varies normalised intensities in place.
 *
 * @param image voxels of one patch, any shape
 */
export function augmentIntensity(
  image: Float32Array,
  random: RandomGenerator,
  augmentation: Augmentation,
): void {
  if (chance(random, augmentation.noise)) {
    addNormalNoise(image, { random, std: uniform(random, augmentation.noiseStd) });
  }
  if (chance(random, augmentation.brightness)) {
    const factor = uniform(random, augmentation.brightnessFactors);
    for (let v = 0; v < image.length; v++) image[v]! *= factor;
  }
  if (chance(random, augmentation.contrast)) {
    stretchContrast(image, uniform(random, augmentation.contrastFactors));
  }
  if (chance(random, augmentation.gamma)) applyGamma(image, uniform(random, augmentation.gammaExponents));
}

/** x ← mean + factor·(x - mean), clipped to the patch's own range. */
export function stretchContrast(image: Float32Array, factor: number): void {
  const { mean, low, high } = describe(image);
  for (let v = 0; v < image.length; v++) {
    image[v] = Math.min(high, Math.max(low, mean + factor * (image[v]! - mean)));
  }
}

/** x ← low + range·((x - low)/range)^exponent, then brought back to the mean and standard deviation it had. */
export function applyGamma(image: Float32Array, exponent: number): void {
  const before = describe(image);
  const range = before.high - before.low;
  if (range === 0) return;
  for (let v = 0; v < image.length; v++) image[v] = ((image[v]! - before.low) / range) ** exponent;
  const after = describe(image);
  const gain = before.std / after.std;
  for (let v = 0; v < image.length; v++) image[v] = before.mean + gain * (image[v]! - after.mean);
}

function describe(image: Float32Array): { mean: number; std: number; low: number; high: number } {
  let sum = 0, low = Infinity, high = -Infinity;
  for (let v = 0; v < image.length; v++) {
    const value = image[v]!;
    sum += value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const mean = sum / image.length;
  let squares = 0;
  for (let v = 0; v < image.length; v++) squares += (image[v]! - mean) ** 2;
  return { mean, std: Math.sqrt(squares / image.length), low, high };
}

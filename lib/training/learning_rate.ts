/**
 * The learning rate of a step: a linear warm-up, then nnU-Net's polynomial decay to zero.
 *
 * @module
 */

export interface LearningRateOptions {
  steps: number;
  /** Rate at the end of the warm-up. */
  peak: number;
  /** Steps of linear warm-up. */
  warmup: number;
}

/** @param step 0 … steps - 1 */
export function learningRateAt(step: number, { steps, peak, warmup }: LearningRateOptions): number {
  if (step < warmup) return peak * (step + 1) / warmup;
  return peak * (1 - (step - warmup) / Math.max(1, steps - warmup)) ** 0.9;
}

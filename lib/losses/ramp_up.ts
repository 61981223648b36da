/**
 * Weights of mutual terms over time: models that know nothing yet have nothing to teach.
 *
 * @module
 */

export interface RampUpOptions {
  /** Steps at weight 0 first. @default 0 */
  start?: number | undefined;
  /** Steps from 0 to 1; with 0, the weight is 1 from `start` on. */
  length: number;
  /** "gaussian": exp(−5 (1 − t)²) (Laine and Aila 2017); "linear": t. @default "gaussian" */
  shape?: "gaussian" | "linear" | undefined;
}

/**
 * The factor, 0…1, of a loss term's weight at a step (counted from 0).
 *
 * @example
 * rampUp(250, { length: 500 }) // exp(−5 · 0.25) = 0.287
 */
export function rampUp(step: number, { start = 0, length, shape = "gaussian" }: RampUpOptions): number {
  if (step < start) return 0;
  const t = length > 0 ? Math.min(1, (step - start) / length) : 1;
  return shape === "linear" ? t : Math.exp(-5 * (1 - t) ** 2);
}

/**
 * How a run's models predict together.
 *
 * @module
 */

/** The one model that is best on validation, the mean of all, or partial-organ models merged. */
export const inferences = ["best", "mean", "merged"] as const;

export type Inference = (typeof inferences)[number];

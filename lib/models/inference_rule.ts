/**
 * How a run's models predict together.
 *
 * @module
 */

/** The one model that is best on validation, the mean of all, or partial-organ models merged. */
export const inferences = ["best", "mean", "merged"] as const;

export type Inference = (typeof inferences)[number];

/** The model that is best on validation, the first of equal ones; undefined without any. */
export function bestOf<M extends { validationDice: number }>(models: readonly M[]): M | undefined {
  return models.reduce<M | undefined>(
    (best, one) => best && best.validationDice >= one.validationDice ? best : one,
    undefined,
  );
}

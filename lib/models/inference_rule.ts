/**
 * How a run's models predict together. Nothing here loads TensorFlow.
 *
 * @module
 */
import type { LabelSet, OrganNumber } from "../data/label_set.ts";

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

/** Which organs a model tells. */
export interface OrgansOfModel {
  /** Of its channels 1, 2, …; channel 0 is background. */
  organs: LabelSet;
  /** Organs that it has seen in coarser labels alone: it cannot tell them from the others of their group. @default none */
  joint?: LabelSet | undefined;
}

/**
 * The models to be asked for an organ: those that own it and tell it from the others of its group; where none does, all that own
 * it.
 */
export function ownersOf<M extends OrgansOfModel>(
  models: readonly M[],
  organ: OrganNumber,
): M[] {
  const owners = models.filter(({ organs }) => organs.includes(organ));
  const apart = owners.filter(({ joint = [] }) => !joint.includes(organ));
  return apart.length > 0 ? apart : owners;
}

/** @throws Error when no model of those to be merged owns some organ */
export function requireOwners(models: readonly OrgansOfModel[], organCount: number): void {
  const organs = Array.from({ length: organCount }, (_, i) => i + 1);
  const orphan = organs.find((organ) => ownersOf(models, organ).length === 0);
  if (orphan === undefined) return;
  throw new Error(`Cannot merge models: every organ needs an owner, organ ${orphan} has none`);
}

/**
 * Channel k would be taken for organ k, whatever it is.
 *
 * @throws Error when a model has other organs, or in another order
 */
export function requireAllOrgans(
  models: readonly (OrgansOfModel & { name: string })[],
  { inference, organCount }: { inference: Inference; organCount: number },
): void {
  const wrong = models.find(({ organs }) =>
    organs.length !== organCount || organs.some((organ, i) => organ !== i + 1)
  );
  if (!wrong) return;
  throw new Error(
    `Cannot predict by ${inference}: models must have the organs 1 to ${organCount} in this order, those of ${wrong.name} are ` +
      `${wrong.organs.join(", ")}; partial-organ models are merged (inference "merged")`,
  );
}

/**
 * What UniSeg wants of each class at a voxel (METHOD section 8).
 *
 * @module
 */
import { IGNORED, type OrganNumber } from "../../data/label_set.ts";
import type { AllowedTable } from "../../losses/allowed.ts";
import type { ClassRelation } from "../../losses/class_relation.ts";
import type { WantedProbability } from "../../losses/partial/organ_cross_entropy.ts";

/** Classes that a dataset does not label are negative, as if its background were everybody's. */
export const plainWanted: WantedProbability = (table, code, channel) =>
  code === IGNORED ? undefined : Number(code === organOf(table, channel));

/** Of classes that the case does not label nothing is said. */
export const nullWanted: WantedProbability = (table, code, channel) => {
  const organ = organOf(table, channel);
  return code === IGNORED || !table.trueSet.includes(organ) ? undefined : Number(code === organ);
};

/**
 * Where an organ is labelled, the others are wanted as much as they are near it there, from the threshold on; else not at all. The
 * background of a case speaks of the classes that it labels alone.
 *
 * @param relations of the dataset
 */
export function relationalWanted(
  relations: readonly ClassRelation[],
  { threshold }: { threshold: number },
): WantedProbability {
  const byOrgan = new Map(relations.map(({ organ, cosines }) => [organ, cosines]));
  return (table, code, channel) => {
    const organ = organOf(table, channel), cosines = byOrgan.get(code);
    if (!table.trueSet.includes(code) || cosines === undefined) return nullWanted(table, code, channel);
    if (code === organ) return 1;
    const near = cosines[channel - 1]!;
    return near < threshold ? 0 : Math.min(1, near);
  };
}

function organOf({ channels }: AllowedTable, channel: number): OrganNumber {
  return channels[channel - 1]!;
}

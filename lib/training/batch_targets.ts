/**
 * What a batch's true (and pseudo) labels allow a model's channels.
 *
 * @module
 */
import { leavesOf } from "../data/groups.ts";
import type { LabelSet } from "../data/label_set.ts";
import { allowedTable, type LabelTargets, labelTargets } from "../losses/allowed.ts";
import type { LabelledBatch } from "./plan.ts";

export interface TargetOptions {
  /** The organs of the model's channels. */
  channels: LabelSet;
  /** Whether pseudo labels teach too; else their organs are unlabelled. @default false */
  pseudo?: boolean;
  /** Weight of voxels with a pseudo label. @default 1 */
  pseudoWeight?: number;
  /** Whether labels of another dataset teach organs the model owns. @default true */
  sharedOrgans?: boolean;
}

/** The batch's labels as one model sees them: one table a sample. */
export function targetsOf(
  batch: Pick<LabelledBatch, "labelSets" | "pseudoSets" | "groups" | "map">,
  options: TargetOptions,
): LabelTargets {
  const { channels, pseudo = false } = options;
  const tables = batch.labelSets.map((labelSet, sample) => {
    const pseudoSet = batch.pseudoSets[sample]!;
    if (pseudo) return allowedTable(labelSet, { ...options, pseudoSet, supersets: batch.groups });
    // Where pseudo labels are not believed, their voxels are what they were before: background or unlabelled.
    const labelled = leavesOf(labelSet, batch.groups);
    const open = [0, ...channels.filter((organ) => !labelled.includes(organ))];
    return allowedTable(labelSet, {
      ...options,
      supersets: { ...batch.groups, ...Object.fromEntries(pseudoSet.map((organ) => [organ, open])) },
    });
  });
  return labelTargets(batch.map, tables);
}

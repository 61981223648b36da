/**
 * What a batch's true (and pseudo) labels allow a model's channels.
 *
 * @module
 */
import { type Groups, leavesOf } from "../data/groups.ts";
import type { LabelSet } from "../data/label_set.ts";
import { allowedTable, type LabelTargets, labelTargets } from "../losses/allowed.ts";
import type { BatchLabels } from "./plan.ts";

export interface TargetOptions {
  /** The organs of the model's channels. */
  channels: LabelSet;
  /** Weight of voxels with a pseudo label. @default pseudo labels do not teach: their organs are unlabelled */
  pseudoWeight?: number;
  /** Whether labels of another dataset teach organs the model owns. @default true */
  sharedOrgans?: boolean;
}

/** The batch's labels as one model sees them: one table a sample. */
export function targetsOf(
  batch: BatchLabels,
  options: TargetOptions,
): LabelTargets {
  const { channels, pseudoWeight, sharedOrgans } = options;
  const tables = batch.labelSets.map((labelSet, sample) => {
    const groups = taughtGroups(labelSet, batch.groups);
    const pseudoSet = batch.pseudoSets[sample]!;
    if (pseudoWeight !== undefined) {
      const pseudo = { organs: pseudoSet, weight: pseudoWeight };
      return allowedTable(labelSet, { channels, sharedOrgans, pseudo, supersets: groups });
    }
    // Where pseudo labels are not believed, their voxels are what they were before: background or unlabelled.
    const labelled = leavesOf(labelSet, batch.groups);
    const open = [0, ...channels.filter((organ) => !labelled.includes(organ))];
    const supersets = { ...groups, ...Object.fromEntries(pseudoSet.map((organ) => [organ, open])) };
    return allowedTable(labelSet, { channels, sharedOrgans, supersets });
  });
  return labelTargets(batch.map, tables, { foregroundShare: batch.foregroundShare });
}

/** Groups whose organs are all labelled: what a group shows where a label set was narrowed is as unknown as its organs. */
function taughtGroups(labelSet: LabelSet, groups: Groups = {}): Groups {
  const labelled = leavesOf(labelSet, groups);
  return Object.fromEntries(
    Object.entries(groups).filter(([, parts]) => parts.every((organ) => labelled.includes(organ))),
  );
}

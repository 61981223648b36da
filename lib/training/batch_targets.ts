/**
 * What a batch's true (and pseudo) labels allow a model's channels.
 *
 * @module
 */
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
  batch: Pick<LabelledBatch, "labelSets" | "pseudoSets" | "map">,
  options: TargetOptions,
): LabelTargets {
  const { channels, pseudo = false } = options;
  const tables = batch.labelSets.map((labelSet, sample) => {
    const pseudoSet = batch.pseudoSets[sample];
    if (pseudo) return allowedTable(labelSet, { ...options, pseudoSet });
    // Where pseudo labels are not believed, their voxels are what they were before: background or unlabelled.
    const open = [0, ...channels.filter((organ) => !labelSet.includes(organ))];
    return allowedTable(labelSet, {
      ...options,
      supersets: Object.fromEntries(pseudoSet.map((organ) => [organ, open])),
    });
  });
  return labelTargets(batch.map, tables);
}

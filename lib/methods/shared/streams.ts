/**
 * Streams and looks as most plans have them.
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import type { StoredCase } from "../../data/store/stored_case.ts";
import type { BatchChange, LabelledBatch, Look, StreamPlan } from "../../training/plan.ts";

export interface StreamOptions {
  /** Of each dataset. @default its training cases */
  cases?: readonly (readonly StoredCase[])[];
  /** @default none */
  change?: BatchChange | undefined;
}

/** A stream of each dataset, named like it. */
export function streamOfEachDataset(
  { datasets }: PreparedStudy,
  { cases, change }: StreamOptions = {},
): Record<string, StreamPlan> {
  return Object.fromEntries(
    datasets.map(({ name, organs, training }, i) => [
      name,
      { cases: cases ? cases[i]! : training, shown: organs, ...change ? { change } : {} },
    ]),
  );
}

/** A stream of each dataset's unlabelled cases, where it has some, named `<dataset> unlabelled`. */
export function streamOfEachUnlabelled({ datasets }: PreparedStudy): Record<string, StreamPlan> {
  return Object.fromEntries(
    // No organ is shown of them, so that mirroring gives none away.
    datasets.flatMap(({ name, unlabelled = [] }) =>
      unlabelled.length > 0 ? [[`${name} unlabelled`, { cases: unlabelled, shown: [] }]] : []
    ),
  );
}

/** Networks that look at the images of one batch, each named like its look. */
export function looksAt(
  { tensor }: Pick<LabelledBatch, "tensor">,
  networks: readonly string[],
): Record<string, Look> {
  return Object.fromEntries(networks.map((network) => [network, { network, images: tensor }]));
}

/**
 * Streams and looks as most plans have them.
 *
 * @module
 */
import type { PreparedStudy } from "../data/store/prepared_study.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import type { BatchChange, LabelledBatch, Look, StreamPlan } from "../training/plan.ts";

export interface StreamOptions {
  /** Of each dataset. @default its training cases */
  cases?: readonly (readonly StoredCase[])[];
  /** @default none */
  change?: BatchChange;
}

/** A stream of each dataset, named like it. */
export function streamOfEachDataset(
  { datasets }: PreparedStudy,
  { cases = datasets.map(({ training }) => training), change }: StreamOptions = {},
): Record<string, StreamPlan> {
  return Object.fromEntries(
    datasets.map(({ name, organs }, i) => [name, { cases: cases[i], shown: organs, change }]),
  );
}

/** Networks that look at the images of one batch, each named like its look. */
export function looksAt(
  { tensor }: Pick<LabelledBatch, "tensor">,
  networks: readonly string[],
): Record<string, Look> {
  return Object.fromEntries(networks.map((network) => [network, { network, images: tensor }]));
}

/** Rounds in which several networks look at the same batch. */
import type { PatchBatch } from "../../../lib/data/patches/patch_batch.ts";
import { looksAt } from "../../../lib/methods/shared/streams.ts";
import type { Learner } from "../../../lib/training/learner.ts";
import { type LabelledBatch, type Round, round, type Term, type View } from "../../../lib/training/plan.ts";
import { type RoundGradients, roundGradients } from "../../../lib/training/round_gradients.ts";

/** Terms of one batch; views are in the order of the networks. */
export type BatchTerms = (views: View[], batch: LabelledBatch) => Term[];

/** Each network looks at the stream's batch once. */
export function sharedRound(stream: string, networks: readonly string[], terms: BatchTerms): Round {
  return round({
    draws: [stream],
    looks: ([batch]) => looksAt(batch, networks),
    terms: (views, [batch]) => terms(networks.map((name) => views[name]!), batch),
  });
}

export const networksOf = (learners: readonly Learner[]): Map<string, Learner> =>
  new Map(learners.map((learner) => [learner.name, learner]));

/** What the learners learn from a batch that all of them look at. */
export function learnTogether(
  batch: PatchBatch,
  learners: readonly Learner[],
  { terms, step = 0 }: { terms: BatchTerms; step?: number },
): RoundGradients {
  const shared = sharedRound("batch", learners.map(({ name }) => name), terms);
  return roundGradients(shared, { batches: [batch], networks: networksOf(learners), step });
}

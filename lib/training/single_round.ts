/**
 * The simplest round: one network looks at one batch.
 *
 * @module
 */
import type { PatchBatch } from "../data/patches/patch_batch.ts";
import type { Learner } from "./learner.ts";
import { type LabelledBatch, round, type Term, type View } from "./plan.ts";
import { type RoundGradients, roundGradients } from "./round_gradients.ts";

/** What the network learns from the batch by the terms; the caller disposes the gradients. */
export function learnFrom(
  batch: PatchBatch,
  learner: Learner,
  terms: (view: View, batch: LabelledBatch) => readonly Omit<Term, "network">[],
): RoundGradients {
  const network = learner.name;
  const once = round({
    draws: ["batch"],
    looks: ([{ tensor }]) => ({ look: { network, images: tensor } }),
    terms: ({ look }, [batch]) => terms(look, batch).map((term) => ({ ...term, network })),
  });
  return roundGradients(once, { batches: [batch], networks: new Map([[network, learner]]), step: 0 });
}

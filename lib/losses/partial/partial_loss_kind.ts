/**
 * The losses of partial labels by name, and the heads that they need. Nothing here loads TensorFlow.
 *
 * @module
 */
import type { HeadPlan } from "../../models/heads/head_plan.ts";

/**
 * METHOD section 0's `partialLoss`, for organs without a label in a case:
 *
 *     marginal      what is none of the labelled organs is background or one of those without
 *     restricted    a softmax over background and the labelled organs alone
 *     binary        each organ by itself, and nothing is said of those without a label
 */
export const PARTIAL_LOSSES = ["marginal", "restricted", "binary"] as const;

export type PartialLossKind = (typeof PARTIAL_LOSSES)[number];

/** The head that a network must have to learn by the loss. */
export function headOf(kind: PartialLossKind): HeadPlan {
  return { kind: kind === "binary" ? "sigmoid" : "softmax" };
}

/**
 * Background and organs exclude each other: p = softmax(z), and the most probable one is the decision.
 *
 * @module
 */
import { tf } from "../../tensors/tf.ts";
import type { Head, HeadForm, Readout } from "./head.ts";
import { SOFTMAX } from "./head_plan.ts";
import { linearPass, linearWeights } from "./linear_layer.ts";

export const softmaxReadout: Readout = {
  probabilities: (logits) => tf.softmax(logits),
  votes: (logits) => tf.softmax(logits),
  ranks: (logits) => logits,
};

/** A channel of logits for each class, by a linear layer. */
export function softmaxHead({ classes, features }: HeadForm): Head {
  return {
    plan: SOFTMAX,
    readout: softmaxReadout,
    weights: linearWeights({ inputs: features, outputs: classes }),
    rowsOf: (organs) => [0, ...organs],
    pass: linearPass,
  };
}

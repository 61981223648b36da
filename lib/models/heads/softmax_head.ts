/**
 * Background and organs exclude each other: p = softmax(z), and the most probable one is the decision.
 *
 * @module
 */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../tensors/tf.ts";
import type { Head, HeadForm, Readout } from "./head.ts";
import { SOFTMAX } from "./head_plan.ts";
import { linearPass, linearWeights } from "./linear_layer.ts";

/** Added to logits of silent classes: their exponential is 0, whatever the others' logits are. */
const SHUT = -1e30;

export const softmaxReadout: Readout = {
  probabilities: (logits) => tf.softmax(logits),
  // Not votes of 0 afterwards: where a silent class is certain, nothing would be left of the others but underflow.
  votes: (logits, silent) =>
    silent
      ? tf.tidy(() => tf.softmax(tf.add(logits, silent.map((one) => one ? SHUT : 0)) as Tensor5D))
      : tf.softmax(logits),
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

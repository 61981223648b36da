/**
 * Each organ by itself, as if the others were not there.
 *
 * @module
 */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../tensors/tf.ts";
import type { Head, HeadForm, Readout, Silent } from "./head.ts";
import { linearPass, linearWeights } from "./linear_layer.ts";

/** A first channel of a constant. */
function withFirst(value: number, organs: Tensor5D): Tensor5D {
  const first = tf.fill([...organs.shape.slice(0, 4), 1], value);
  return tf.concat([first, organs], 4) as Tensor5D;
}

/** Votes of classes each by itself: of silent ones 0, which is below what any vote must exceed. */
export function hushed(votes: Tensor5D, silent: Silent | undefined): Tensor5D {
  return silent ? tf.mul(votes, silent.map((one) => Number(!one))) : votes;
}

/**
 * p_o = σ(z_o) and p_0 = Π_o (1 − p_o). The decision is the organ of the largest p_o if that is above one half, else
 * background. p_0 has no say in it: two organs of 0.45 each leave 0.3 for the background, and yet neither is there.
 */
export const sigmoidReadout: Readout = {
  probabilities: (logits) =>
    tf.tidy(() => {
      const organs = tf.sigmoid(logits);
      return tf.concat([tf.prod(tf.sub(1, organs), 4, true), organs], 4) as Tensor5D;
    }),
  votes: (logits, silent) => tf.tidy(() => hushed(withFirst(0.5, tf.sigmoid(logits)), silent)),
  ranks: (logits) => tf.tidy(() => withFirst(0, logits)),
};

/** A channel of logits for each organ, and none for background, by a linear layer. */
export function sigmoidHead({ classes, features }: HeadForm): Head {
  return {
    plan: { kind: "sigmoid" },
    readout: sigmoidReadout,
    weights: linearWeights({ inputs: features, outputs: classes - 1 }),
    rowsOf: (organs) => organs,
    pass: linearPass,
  };
}

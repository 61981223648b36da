/**
 * A channel for each dataset and organ, each by itself: what one dataset calls an organ binds no other (METHOD section 12).
 *
 * @module
 */
import type { Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../tensors/tf.ts";
import { channelShares } from "./channel_shares.ts";
import type { Head, HeadForm, Readout, Silent } from "./head.ts";
import type { DatasetsPlan } from "./head_plan.ts";
import { linearPass, linearWeights } from "./linear_layer.ts";
import { hushed } from "./sigmoid_head.ts";

/**
 * p_o is the mean of σ(z) over the organ's channels, and p_0 = Π_o (1 − p_o). The decision is that of a sigmoid head: the organ of the
 * largest p_o if that is above one half, else background.
 *
 * @param owners of each channel its organ's place, from 1 on
 * @throws Error as {@linkcode channelShares} does
 */
function datasetsReadout(owners: readonly number[], organs: number): Readout {
  const shares = channelShares(owners, organs);
  /** [batch, depth, height, width, organ] */
  const means = (logits: Tensor5D) => {
    const [batch, depth, height, width, channels] = logits.shape;
    const flat = tf.reshape(tf.sigmoid(logits), [-1, channels]) as Tensor2D;
    return tf.reshape(tf.matMul(flat, tf.tensor2d(shares)), [
      batch,
      depth,
      height,
      width,
      organs,
    ]) as Tensor5D;
  };
  const votes = (logits: Tensor5D, silent?: Silent) =>
    tf.tidy(() => {
      const least = tf.fill([...logits.shape.slice(0, 4), 1], 0.5);
      return hushed(tf.concat([least, means(logits)], 4) as Tensor5D, silent);
    });
  return {
    probabilities: (logits) =>
      tf.tidy(() => {
        const own = means(logits);
        return tf.concat([tf.prod(tf.sub(1, own), 4, true), own], 4) as Tensor5D;
      }),
    votes,
    ranks: (logits) => votes(logits),
  };
}

/**
 * A channel of logits for each dataset's organ, by a linear layer.
 *
 * @throws Error when a channel's organ is none of the network's, or an organ has no channel
 */
export function datasetsHead(plan: DatasetsPlan, { classes, features }: HeadForm): Head {
  const { owners } = plan, organs = classes - 1;
  return {
    plan,
    readout: datasetsReadout(owners, organs),
    weights: linearWeights({ inputs: features, outputs: owners.length }),
    // An organ may have several: which of them another network's is, nobody says.
    rowsOf: () => undefined,
    pass: linearPass,
  };
}

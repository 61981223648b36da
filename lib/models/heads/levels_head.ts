/**
 * Organs and the groups that they are parts of, each by itself (METHOD section 5). The organs are what is predicted.
 *
 * @module
 */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../tensors/tf.ts";
import type { Head, HeadForm, Readout, Silent } from "./head.ts";
import type { LevelsPlan } from "./head_plan.ts";
import { linearPass, linearWeights } from "./linear_layer.ts";
import { sigmoidReadout } from "./sigmoid_head.ts";

/** A channel of logits for each organ, then one for each group, by a linear layer; what they say is what the organs' say. */
export function levelsHead(plan: LevelsPlan, { classes, features }: HeadForm): Head {
  const organs = classes - 1;
  const ofOrgans = (read: Readout["votes"]) => (logits: Tensor5D, silent?: Silent) =>
    tf.tidy(() => read(tf.slice(logits, [0, 0, 0, 0, 0], [-1, -1, -1, -1, organs]), silent));
  const readout: Readout = {
    probabilities: ofOrgans(sigmoidReadout.probabilities),
    votes: ofOrgans(sigmoidReadout.votes),
    ranks: ofOrgans(sigmoidReadout.ranks),
  };
  return {
    plan,
    readout,
    weights: linearWeights({ inputs: features, outputs: organs + plan.groups }),
    rowsOf: () => undefined,
    pass: linearPass,
  };
}

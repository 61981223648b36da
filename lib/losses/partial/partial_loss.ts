/**
 * Supervision by partial labels, of whichever kind.
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { HeadPlan } from "../../models/heads/head_plan.ts";
import type { LabelTargets } from "../allowed.ts";
import { binaryCrossEntropyOf } from "./binary_cross_entropy.ts";
import { voxelLogits, voxelSigmoids } from "../channels_first.ts";
import { crossEntropyOf } from "../label_set_cross_entropy.ts";
import { headOf, PARTIAL_LOSSES, type PartialLossKind } from "./partial_loss_kind.ts";
import { restrictedLogits } from "./restricted_logits.ts";
import { supervisionBy, type SupervisionByOptions } from "../supervision.ts";

export interface PartialLoss {
  /** What the network that learns by it must have. */
  head: HeadPlan;
  /** @param logits [batch, depth, height, width, channel of the head] */
  loss(logits: Tensor5D, targets: LabelTargets): Scalar;
}

/**
 * Sigmoids of a coarser label's organs add up to more than 1 where several are sure, and no cross-entropy says that one of them
 * is there: a coarser label would teach what is wrong.
 */
function withoutGroups(loss: PartialLoss["loss"]): PartialLoss["loss"] {
  return (logits, targets) => {
    const labels = targets.tables.flatMap(({ groups }) => [...groups.keys()]);
    if (labels.length === 0) return loss(logits, targets);
    throw new Error(
      `Cannot compute partial loss binary: labels must be of organs, there are groups of organs (codes ${
        [...new Set(labels)].join(", ")
      }); marginal and restricted know them`,
    );
  };
}

/**
 * Cross-entropy, and where it is wanted label-set Dice of the same probabilities. Where everything is labelled, `marginal` and
 * `restricted` are one, and with a single organ `binary` is, too.
 *
 * @throws Error when there is no such loss
 */
export function partialLoss(kind: PartialLossKind, options: SupervisionByOptions): PartialLoss {
  const loss = {
    marginal: () => supervisionBy(voxelLogits, crossEntropyOf, options),
    restricted: () => supervisionBy(restrictedLogits, crossEntropyOf, options),
    binary: () => withoutGroups(supervisionBy(voxelSigmoids, binaryCrossEntropyOf, options)),
  }[kind];
  if (!loss) {
    throw new Error(
      `Cannot make partial loss: kind must be one of ${PARTIAL_LOSSES.join(", ")}, current value is ${kind}`,
    );
  }
  return { head: headOf(kind), loss: loss() };
}

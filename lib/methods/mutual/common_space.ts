/**
 * Whether two models' features lie in a common space, so that a cosine between them means something (METHOD section 1, FD).
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../tensors/tf.ts";
import type { Term } from "../../training/plan.ts";
import type { LabelTargets } from "../../losses/allowed.ts";
import { pairCosines } from "../../losses/cosine.ts";
import { stopGradient } from "../../losses/stop_gradient.ts";
import { labelPrototypes, type PrototypeOptions } from "./prototypes.ts";

/**
 * Share of the labels visible in a batch (organs truly labelled, and background) whose prototype in one model has, among the
 * other model's prototypes, that of the same label nearest. A space is taken as common from 0.9 on. No gradient.
 *
 * @param features of one model, [batch, depth, height, width, feature]
 * @param others of the other model on the same batch, of the same shape
 * @returns a scalar; undefined where fewer than two labels are visible: there is nothing to take one for
 */
export function sameLabelNearest(
  features: Tensor5D,
  others: Tensor5D,
  options: PrototypeOptions,
): Scalar | undefined {
  return tf.tidy(() => {
    const [ours, theirs] = [features, others].map((one) =>
      labelPrototypes(stopGradient(one), { ...options, background: true })
    ) as [ReturnType<typeof labelPrototypes>, ReturnType<typeof labelPrototypes>];
    if (ours.labels.length < 2) return undefined;
    const nearest = tf.argMax(pairCosines(ours.prototypes, theirs.prototypes), 1);
    const same = tf.equal(nearest, tf.range(0, ours.labels.length, 1, "int32"));
    return tf.mean(tf.cast(same, "float32")) as Scalar;
  });
}

/**
 * {@linkcode sameLabelNearest} as what is reported of a network that is compared raw, without weight: it stands in the history.
 *
 * @param options.truth the batch's true labels
 * @returns none where there is nothing to take one for
 */
export function commonSpaceTerms(
  network: string,
  { features, others, truth }: { features: Tensor5D; others: Tensor5D; truth: LabelTargets },
): Term[] {
  const value = sameLabelNearest(features, others, { targets: truth });
  return value ? [{ network, name: "same_label_nearest", value, weight: 0 }] : [];
}

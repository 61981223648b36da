/**
 * Feature difference (FD), stage 1: features of distinct organs should differ between models.
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../tensors/tf.ts";
import { pairCosines, rowCosines } from "../../losses/cosine.ts";
import { selectVoxels, voxelsWhere } from "../../losses/select_voxels.ts";
import { stopGradient } from "../../losses/stop_gradient.ts";
import {
  labelPrototypes,
  predictedPrototypes,
  type Prediction,
  type PrototypeOptions,
} from "./prototypes.ts";

export interface FeatureDifferenceOptions extends PrototypeOptions {
  /** See {@linkcode featureDifference}. */
  mode: "relations" | "prototype" | "voxel";
}

/**
 * Feature difference of model i and peer j on a batch of dataset j. An organ o that model i owns and the case does not label has
 * as prototype the mean of model i's features weighted by its own probability p_o, as a constant; an organ o' that dataset j
 * truly labels has as prototype the mean over its mask. FD = mean over pairs o ≠ o' of max(0, cos).
 *
 * - "relations": both prototypes are of model i's features, so that the cosine means the same in any basis of them; what j brings
 *   is where its organs are;
 * - "prototype": that of o' is of model j's features. Two models' bases are arbitrary, and so is this cosine, unless they share a
 *   space (METHOD section 1);
 * - "voxel", of the same weakness: mean over the voxels of truly labelled organs that model i does not own of
 *   max(0, cos(h_i(v), h_j(v))).
 *
 * No gradient flows into the peer, nor into any probability.
 *
 * @param own model i on the batch
 * @param peerFeatures model j's features of the same batch
 * @param options.targets the batch's labels, as tables of model i's channels
 * @returns a scalar; 0 where there is no pair or voxel
 */
export function featureDifference(
  own: Prediction,
  peerFeatures: Tensor5D,
  options: FeatureDifferenceOptions,
): Scalar {
  return tf.tidy(() => {
    const { mode, targets } = options;
    if (mode === "voxel") {
      const voxels = voxelsWhere(targets, (table, code) => table.foreign[code] === 1);
      if (voxels.length === 0) return tf.scalar(0);
      const cosines = rowCosines(
        selectVoxels(own.features, voxels),
        stopGradient(selectVoxels(peerFeatures, voxels)),
      );
      return tf.mean(tf.relu(cosines)) as Scalar;
    }
    const theirs = labelPrototypes(mode === "relations" ? own.features : stopGradient(peerFeatures), options);
    if (theirs.labels.length === 0) return tf.scalar(0);
    const ours = predictedPrototypes(own, options);
    const cosines = pairCosines(ours.prototypes, theirs.prototypes);
    const distinct = targets.tables[0].channels.map((o) => theirs.labels.map((other) => o === other ? 0 : 1));
    const pairs = tf.mul(tf.tensor2d(distinct, cosines.shape as [number, number]), ours.present);
    return tf.div(tf.sum(tf.mul(tf.relu(cosines), pairs)), tf.maximum(tf.sum(pairs), 1)) as Scalar;
  });
}

/**
 * Feature difference (FD), stage 1: features of distinct organs in different models should differ.
 *
 * @module
 */
import type { Scalar, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED, type OrganNumber } from "../../data/label_set.ts";
import { tf } from "../../tensors/tf.ts";
import { type LabelTargets, rowTable } from "../../losses/allowed.ts";
import { channelsFirst, softmaxParts } from "../../losses/channels_first.ts";
import { pairCosines, rowCosines } from "../../losses/cosine.ts";
import { CODES, spread } from "../../losses/label_map.ts";
import { selectVoxels, voxelsWhere } from "../../losses/select_voxels.ts";
import { stopGradient } from "../../losses/stop_gradient.ts";

/** What a model makes of a batch. */
export interface Prediction {
  /** [batch, depth, height, width, channel] */
  logits: Tensor5D;
  /** Last decoder features, [batch, depth, height, width, feature]. */
  features: Tensor5D;
}

const MINIMUM_VOXELS = 8;

export interface FeatureDifferenceOptions {
  /** See {@linkcode featureDifference}. */
  mode: "prototype" | "voxel";
  /** A prototype of fewer voxels (of probability mass, or of labels) is left out. @default 8 */
  minimumVoxels?: number;
}

/**
 * Feature difference of model i and peer j on a batch of dataset j.
 *
 * "prototype": the prototype of a truly labelled organ o' is the mean of the peer's features over its mask; that of
 * an organ o that model i owns and the case does not label is the mean of model i's features weighted by its own
 * probability p_o, as a constant. FD = mean over pairs o ≠ o' of max(0, cos).
 *
 * "voxel": mean over the voxels of truly labelled organs that model i does not own of max(0, cos(h_i(v), h_j(v))).
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
  options: FeatureDifferenceOptions & { targets: LabelTargets },
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
    const theirs = labelPrototypes(peerFeatures, options);
    if (theirs.organs.length === 0) return tf.scalar(0);
    const ours = predictedPrototypes(own, options);
    const cosines = pairCosines(ours.prototypes, stopGradient(theirs.prototypes));
    const distinct = targets.tables[0].channels.map((o) => theirs.organs.map((other) => o === other ? 0 : 1));
    const pairs = tf.mul(tf.tensor2d(distinct, cosines.shape as [number, number]), ours.present);
    return tf.div(tf.sum(tf.mul(tf.relu(cosines), pairs)), tf.maximum(tf.sum(pairs), 1)) as Scalar;
  });
}

type PrototypeOptions = FeatureDifferenceOptions & { targets: LabelTargets };

/** Mean features over the true mask of each organ that has enough voxels, [organ, feature]. */
function labelPrototypes(features: Tensor5D, { targets, minimumVoxels = MINIMUM_VOXELS }: PrototypeOptions) {
  const { map, tables } = targets;
  const volume = (organ: OrganNumber) =>
    tables.reduce(
      (sum, { trueSet }, b) => sum + (trueSet.includes(organ) ? map.counts[b * CODES + organ]! : 0),
      0,
    );
  const organs = [...new Set(tables.flatMap((table) => table.trueSet))]
    .filter((organ) => volume(organ) >= minimumVoxels);
  const channels = Math.max(1, organs.length);
  const masks = rowTable(
    targets,
    (table, code, k) => code === organs[k] && table.trueSet.includes(code) ? 1 / volume(code) : 0,
    channels,
  );
  const weights = spread(tf.tensor2d(masks, [channels, map.rows.length]), map.hot);
  return { organs, prototypes: tf.matMul(weights, flat(features)) as Tensor2D };
}

/**
 * Mean features of each owned organ where no label decides it, weighted by its probability, [organ, feature]; and
 * whether it has enough mass, [organ, 1].
 */
function predictedPrototypes(
  { logits, features }: Prediction,
  { targets, minimumVoxels = MINIMUM_VOXELS }: PrototypeOptions,
) {
  const { map, classes } = targets;
  const unlabelled = rowTable(
    targets,
    (table, code, k) => code !== IGNORED && !table.trueSet.includes(table.channels[k]!) ? 1 : 0,
    classes - 1,
  );
  const where = spread(tf.tensor2d(unlabelled, [classes - 1, map.rows.length]), map.hot);
  const { probabilities } = softmaxParts(channelsFirst(stopGradient(logits)));
  const weights = tf.mul(tf.slice(probabilities, [1, 0]), where) as Tensor2D;
  const mass = tf.sum(weights, 1, true);
  const means = tf.div(weights, tf.maximum(mass, 1)) as Tensor2D;
  return {
    prototypes: tf.matMul(means, flat(features)) as Tensor2D,
    present: tf.cast(tf.greaterEqual(mass, minimumVoxels), "float32"),
  };
}

function flat(features: Tensor5D): Tensor2D {
  return tf.reshape(features, [-1, features.shape[4]]);
}

/**
 * Prototypes: what an organ looks like to a model, as the mean of its last decoder features.
 *
 * @module
 */
import type { Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED, type OrganNumber } from "../../data/label_set.ts";
import { tf } from "../../tensors/tf.ts";
import { type LabelTargets, rowTable } from "../../losses/allowed.ts";
import { channelsFirst, softmaxParts } from "../../losses/channels_first.ts";
import { CODES, spread } from "../../losses/label_map.ts";
import { stopGradient } from "../../losses/stop_gradient.ts";

/** What a model makes of a batch. */
export interface Prediction {
  /** [batch, depth, height, width, channel] */
  logits: Tensor5D;
  /** Last decoder features, [batch, depth, height, width, feature]. */
  features: Tensor5D;
}

export interface PrototypeOptions {
  targets: LabelTargets;
  /** A prototype of fewer voxels (of probability mass, or of labels) is left out. @default 8 */
  minimumVoxels?: number | undefined;
}

const MINIMUM_VOXELS = 8, BACKGROUND = 0;

/**
 * Mean features over the true mask of each organ that has enough voxels in the batch.
 *
 * @param options.background whether voxels of none of the case's organs come as one more, the first. @default false
 * @returns the labels, and their prototypes, [label, feature]
 */
export function labelPrototypes(
  features: Tensor5D,
  { targets, minimumVoxels = MINIMUM_VOXELS, background = false }: PrototypeOptions & {
    background?: boolean;
  },
): { labels: OrganNumber[]; prototypes: Tensor2D } {
  const { map, tables } = targets;
  const counts = (trueSet: readonly number[], label: OrganNumber) =>
    label === BACKGROUND || trueSet.includes(label);
  const volume = (label: OrganNumber) =>
    tables.reduce(
      (sum, { trueSet }, b) => sum + (counts(trueSet, label) ? map.counts[b * CODES + label]! : 0),
      0,
    );
  const organs = new Set(tables.flatMap(({ trueSet }) => trueSet));
  const labels = [...background ? [BACKGROUND] : [], ...organs].filter((label) =>
    volume(label) >= minimumVoxels
  );
  const channels = Math.max(1, labels.length);
  const volumes = new Map(labels.map((label) => [label, volume(label)]));
  const masks = rowTable(
    targets,
    (table, code, k) => code === labels[k] && counts(table.trueSet, code) ? 1 / volumes.get(code)! : 0,
    channels,
  );
  const weights = spread(tf.tensor2d(masks, [channels, map.rows.length]), map.hot);
  return { labels, prototypes: tf.matMul(weights, flat(features)) as Tensor2D };
}

/**
 * Mean features of each owned organ where no label decides it, weighted by its probability, as a constant, [organ, feature]; and
 * whether it has enough mass, [organ, 1].
 */
export function predictedPrototypes(
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

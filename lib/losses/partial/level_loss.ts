/**
 * Cross-entropy and Dice of organs and groups by themselves, where a group may be what its organs make of it.
 *
 * @module
 */
import type { Scalar, Tensor, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../../tensors/tf.ts";
import type { LabelTargets } from "../allowed.ts";
import { channelsFirst } from "../channels_first.ts";
import { voxelWeight } from "../label_set_cross_entropy.ts";
import { voxelTable } from "../voxel_table.ts";
import type { WantedProbability } from "./organ_cross_entropy.ts";

/** Added to numerator and denominator of Dice, as in label-set Dice. */
const EPSILON = 1e-5;
/** −log(1 − p) below this counts as this where its logarithm is taken: a p of a millionth. */
const LEAST = 1e-6;

export interface LevelForm {
  /** Number of the organs' channels, which come first. */
  organs: number;
  /** Of each group the places of its organs, from 0 on. */
  parts: readonly (readonly number[])[];
}

export interface LevelLossOptions extends LevelForm {
  /** From channel 1 on. */
  wanted: WantedProbability;
  /** Whether a group is there where its own channel or any of its organs is. @default false: its own channel alone says so */
  noisyOr?: boolean;
}

/**
 * With s = softplus(z) = −log(1 − σ(z)) of every channel and S = s of an organ, of a group of noisy-or its own s and its organs':
 *
 *     p = 1 − exp(−S);   −log(1 − p) = S;   −log p = S − z of an organ or a plain group, −log(1 − exp(−S)) of noisy-or
 *     L = (1/M) Σ_v w Σ_c k_c [ t_c (−log p_c) + (1 − t_c) S_c ] + mean over the channels that some label shows of
 *         1 − (2 Σ k p t + ε) / (Σ k p + Σ k t + ε)
 *
 * t what is wanted, k 1 where anything is. So a label of the whole teaches its parts that one of them is there.
 *
 * @param logits [batch, depth, height, width, channel], organs, then groups
 */
export function levelLoss(logits: Tensor5D, targets: LabelTargets, options: LevelLossOptions): Scalar {
  const { wanted, organs, noisyOr = false } = options;
  const channels = logits.shape[4], weightOf = voxelWeight(targets, {});
  return tf.tidy(() => {
    const z = channelsFirst(logits), s = tf.softplus(z);
    const absent = noisyOr ? tf.matMul(summing(channels, options), s) : s;
    const alone = tf.sub(s, z);
    const present = noisyOr
      ? tf.concat([
        tf.slice(alone, [0, 0], [organs, -1]),
        tf.neg(tf.log(tf.neg(tf.expm1(tf.neg(tf.maximum(tf.slice(absent, [organs, 0], [-1, -1]), LEAST)))))),
      ])
      : alone;
    const table = (value: (wanted: number, weight: number) => number) =>
      voxelTable(targets, (table, code, c) => {
        const found = wanted(table, code, c + 1);
        return found === undefined ? 0 : value(found, weightOf(table, code));
      }, channels);
    const truth = table((wanted, weight) => wanted * weight),
      other = table((wanted, weight) => (1 - wanted) * weight);
    const cross = tf.sum(tf.add(tf.mul(truth, present), tf.mul(other, absent)));
    const shown = table((wanted) => wanted), known = table(() => 1);
    const p = tf.sub(1, tf.exp(tf.neg(absent)));
    const volume = tf.sum(shown, 1),
      overlap = tf.sum(tf.mul(p, shown), 1),
      mass = tf.sum(tf.mul(p, known), 1);
    const dice = tf.div(tf.add(tf.mul(overlap, 2), EPSILON), tf.add(tf.add(mass, volume), EPSILON));
    const counts = tf.cast(tf.greater(volume, 0), "float32");
    const lack = tf.div(tf.sum(tf.mul(counts, tf.sub(1, dice))), tf.maximum(tf.sum(counts), 1));
    return tf.add(cross, lack) as Scalar;
  });
}

/** Rows that add each organ's s alone, and each group's own and its organs'. */
function summing(channels: number, { organs, parts }: LevelForm): Tensor2D {
  const rows = Array.from(
    { length: channels },
    (_, row) =>
      Array.from(
        { length: channels },
        (_, column) => Number(row === column || (row >= organs && parts[row - organs]!.includes(column))),
      ),
  );
  return tf.tensor2d(rows);
}

/** Mean over groups and their organs, and over voxels, of max(0, p of the organ − p of the group). @param logits as of levelLoss */
export function levelHinge(logits: Tensor5D, form: LevelForm): Scalar {
  return tf.tidy(() => {
    const [below, above] = ofOrgansAndGroups(tf.sigmoid(channelsFirst(logits)), form);
    return tf.mean(tf.relu(tf.sub(below, above))) as Scalar;
  });
}

/** Share of voxels, over groups and their organs, at which an organ is above one half and its group is not. No gradient. */
export function levelViolations(logits: Tensor5D, form: LevelForm): number {
  return tf.tidy(() => {
    const [below, above] = ofOrgansAndGroups(tf.greater(channelsFirst(logits), 0), form);
    return tf.mean(tf.cast(tf.logicalAnd(below, tf.logicalNot(above)), "float32")).dataSync()[0]!;
  });
}

/** Rows of [channel, voxels]: of each group's organs, and beside them the group's. */
function ofOrgansAndGroups(rows: Tensor, { organs, parts }: LevelForm): [below: Tensor, above: Tensor] {
  return [
    tf.gather(rows, parts.flat()),
    tf.gather(rows, parts.flatMap((own, group) => own.map(() => organs + group))),
  ];
}

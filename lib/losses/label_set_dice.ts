/**
 * Soft Dice for labels that allow several classes.
 *
 * @module
 */
import type { Scalar, Tensor, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../runtime/tf.ts";
import { allowedCount, type AllowedTable, type LabelTargets, rowTable } from "./allowed.ts";
import { channelsFirst, channelsLast, softmaxParts } from "./channels_first.ts";
import { CODES, spread } from "./label_map.ts";

export interface LabelSetDiceOptions {
  /** Added to numerator and denominator. @default 1e-5 */
  epsilon?: number;
}

/** 1 where the label says the voxel is the channel and nothing else. */
export function isTruth(table: AllowedTable, code: number, channel: number): boolean {
  return table.allowed[code * table.classes + channel] === 1 && allowedCount(table, code) === 1;
}

/** 1 where the label says whether the voxel is the channel. */
function isKnown(table: AllowedTable, code: number, channel: number): boolean {
  return table.allowed[code * table.classes + channel] === 0 || isTruth(table, code, channel);
}

/**
 * Mean over the organs o that the batch's labels show of
 *
 *     1 − (2 Σ w p_o y_o + ε) / (Σ w k_o p_o + Σ w y_o + ε),      sums over all voxels of the batch,
 *
 * y_o = 1 where the label is o, k_o = 1 where the label says whether the voxel is o, w the label's weight. Voxels where
 * the organ is undecided thus leave numerator and denominator. Organs absent from the batch's truth leave the mean:
 * kept in, they teach small organs to vanish (the cross-entropy still punishes their false positives). Background
 * is no organ.
 *
 * Labels enter only through tables over rows, so Σ w y_o is a count, and ∂L/∂p is again such a table,
 *
 *     ∂L/∂p_o = −(1/n) [ 2 w y_o / D_o − (2 I_o + ε) w k_o / D_o² ],
 *
 * with I_o = Σ w p_o y_o and D_o the denominator. Through the softmax: ∂L/∂z_c = p_c (g_c − Σ_o g_o p_o), g = ∂L/∂p.
 *
 * @param logits [batch, depth, height, width, channel]
 * @returns a scalar; 0 without gradient when no organ is present
 */
export function labelSetDice(
  logits: Tensor5D,
  targets: LabelTargets,
  options: LabelSetDiceOptions = {},
): Scalar {
  const { epsilon = 1e-5 } = options;
  const { map, classes, tables } = targets;
  const rows = tables.length * CODES;
  const truth = rowTable(
    targets,
    (table, code, c) => c > 0 && isTruth(table, code, c) ? table.weight[code] : 0,
  );
  const known = rowTable(
    targets,
    (table, code, c) => c > 0 && isKnown(table, code, c) ? table.weight[code] : 0,
  );
  const volumes = new Float32Array(classes);
  for (let i = 0; i < truth.length; i++) volumes[Math.floor(i / rows)] += truth[i] * map.counts[i % rows];
  const present = volumes.map((volume) => volume > 0 ? 1 : 0);
  const organs = Math.max(1, present.reduce((a, b) => a + b, 0));

  const operation = tf.customGrad((...args: unknown[]) => {
    const [logits, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const truthTable = tf.tensor2d(truth, [classes, rows]);
    const knownTable = tf.tensor2d(known, [classes, rows]);
    const { probabilities: p } = softmaxParts(channelsFirst(logits));
    const overlap = tf.sum(tf.mul(p, spread(truthTable, map)), 1, true);
    const mass = tf.sum(tf.mul(p, spread(knownTable, map)), 1, true);
    const share = tf.tensor2d(present, [classes, 1]).div(organs);
    const numerator = tf.add(tf.mul(overlap, 2), epsilon);
    const denominator = tf.add(tf.add(mass, tf.tensor2d(volumes, [classes, 1])), epsilon);
    const dice = tf.div(numerator, denominator);
    const scale = tf.div(share, denominator);
    const slopes = tf.sub(tf.mul(knownTable, tf.mul(dice, scale)), tf.mul(truthTable, tf.mul(scale, 2)));
    save([p, slopes]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) => {
      const [p, slopes] = saved as Tensor2D[];
      const weighted = tf.mul(spread(tf.mul(slopes, dy), map), p);
      const gradient = tf.sub(weighted, tf.mul(p, tf.sum(weighted, 0, true))) as Tensor2D;
      return channelsLast(gradient, logits.shape);
    };
    return { value: tf.sum(tf.mul(tf.sub(1, dice), share)), gradFunc };
  });
  return operation(logits) as Scalar;
}

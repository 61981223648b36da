/**
 * Sums of probabilities over labelled regions: all that overlap losses need of the voxels.
 *
 * @module
 */
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import type { LabelTargets } from "./allowed.ts";
import type { VoxelProbabilities } from "./channels_first.ts";
import { spread, sumByRow } from "./label_map.ts";

/** One of each table. */
type SumsOf<T extends readonly Float32Array[]> = { -readonly [K in keyof T]: Tensor };

/**
 * For each table T: Σ_v p_c(v) · T[c, row(v)] for every channel c.
 *
 * Σ_v p_c(v) · T[c, row(v)] = Σ_row T[c, row] · Σ_{v in row} p_c(v), so the voxels are summed by rows once for any number of
 * tables. Differentiable: with g_k,c the gradient of sum k, c, ∂L/∂p_c(v) = Σ_k g_k,c · T_k[c, row(v)] is itself a table
 * spread over the voxels; the rest of the way to z is the probabilities'.
 *
 * @param targets whose map the tables' rows belong to
 * @returns a function of tables (each [channel, row with voxels], see `rowTable`) to their sums, each [channel]
 */
export function probabilitySums(
  { z, probabilities, slope }: VoxelProbabilities,
  targets: LabelTargets,
): <const T extends readonly Float32Array[]>(tables: T) => SumsOf<T> {
  const { map: { rows, hot }, classes } = targets;
  return <const T extends readonly Float32Array[]>(tables: T) => {
    const operation = tf.customGrad((...args: unknown[]) => {
      const save = args[1] as (tensors: Tensor[]) => void;
      const stacked = tables.map((table) => tf.tensor2d(table, [classes, rows.length]));
      const byRow = sumByRow(probabilities, hot);
      const sums = stacked.map((table) => tf.sum(tf.mul(byRow, table), 1));
      // The map too: made inside the loss function, it would be gone by the time of the backward pass.
      save([hot, probabilities, ...stacked]);
      const gradFunc = (dy: Tensor, saved: Tensor[]) => {
        const [hot, p, ...stacked] = saved as [Tensor2D, Tensor2D, ...Tensor2D[]];
        const slopes = tf.unstack(dy).map((g, k) => tf.mul(tf.reshape(g, [classes, 1]), stacked[k]!));
        return slope(p, tf.mul(spread(tf.addN(slopes) as Tensor2D, hot), p));
      };
      return { value: tf.stack(sums), gradFunc };
    });
    return tf.unstack(operation(z)) as SumsOf<T>;
  };
}

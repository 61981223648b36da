/**
 * A batch's label codes, where TensorFlow can look things up by them.
 *
 * @module
 */
import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import { rawKernel } from "../runtime/raw_kernel.ts";
import { tf } from "../runtime/tf.ts";

/** Label codes are uint8. */
export const CODES = 256;

/**
 * Made once a batch and shared by every loss of every model on it. A *row* is a sample and a code: sample · 256 + code.
 * What a loss has to know of a voxel (which channels its label allows, its weight) depends on nothing else, so losses
 * are written as tables over rows, and a gather spreads a table over the voxels.
 */
export interface LabelMap {
  /** Row of each voxel, int32 [batch · depth · height · width]. */
  rows: Tensor1D;
  /** Voxels of each row, [batch · 256]. */
  counts: Uint32Array;
  /** The codes themselves, [batch, depth, height, width]. */
  codes: Uint8Array;
  shape: LabelShape;
}

/** [batch, depth, height, width]. */
export type LabelShape = readonly [batch: number, depth: number, height: number, width: number];

/** Dispose of `rows` after use, or call it within `tf.tidy`. */
export function createLabelMap(codes: Uint8Array, shape: LabelShape): LabelMap {
  const [batch, depth, height, width] = shape;
  const voxels = depth * height * width;
  if (codes.length !== batch * voxels) {
    throw new Error(
      `Cannot make label map: [${shape}] must have ${
        batch * voxels
      } codes, current number is ${codes.length}`,
    );
  }
  const rows = new Int32Array(codes.length);
  const counts = new Uint32Array(batch * CODES);
  for (let i = 0; i < codes.length; i++) {
    const row = Math.floor(i / voxels) * CODES + codes[i];
    rows[i] = row;
    counts[row]++;
  }
  return { rows: tf.tensor1d(rows, "int32"), counts, codes, shape };
}

/**
 * Spreads a table over the voxels. No gradient flows through it.
 *
 * The table is turned first, so that what a voxel looks up lies together, and the result is turned back: a fifth of the time
 * of looking up each channel by itself. (tfjs's own gather copies all indices back to JavaScript to check them: 26 ms where
 * the kernel takes 4.)
 *
 * @param table [channel, batch · 256]
 * @param rows a label map's
 * @returns [channel, voxels]
 */
export function spread(table: Tensor2D, rows: Tensor): Tensor2D {
  return tf.tidy(() => {
    const found = rawKernel("GatherV2", [tf.transpose(table), rows, tf.scalar(0, "int32")], {
      attributes: {
        Tparams: ["type", "float32"],
        Tindices: ["type", "int32"],
        Taxis: ["type", "int32"],
        batch_dims: ["int", 0],
      },
    });
    return tf.transpose(found) as Tensor2D;
  });
}

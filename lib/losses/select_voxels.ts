/**
 * Features of the few voxels a loss looks at.
 *
 * @module
 */
import type { Tensor, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { OrganNumber } from "../data/label_set.ts";
import { indexTensor } from "../tensors/index_tensor.ts";
import { rawKernel } from "../tensors/raw_kernel.ts";
import { tf } from "../tensors/tf.ts";
import { type AllowedTable, labelOfRow, type LabelTargets } from "./allowed.ts";

/** Flat indices of the voxels of the batch whose label satisfies `wanted`. */
export function voxelsWhere(
  targets: LabelTargets,
  wanted: (table: AllowedTable, code: number) => boolean,
): Int32Array {
  const { rows, counts, voxels } = targets.map;
  let end = 0;
  return joined([...rows].flatMap((row) => {
    const start = end;
    end += counts[row]!;
    const { table, code } = labelOfRow(targets, row);
    return wanted(table, code) ? [voxels.subarray(start, end)] : [];
  }));
}

/** One list of several. */
export function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}

/** Flat indices of the voxels truly labelled as the organ. */
export function voxelsOf(targets: LabelTargets, organ: OrganNumber): Int32Array {
  return voxelsWhere(targets, (table, code) => code === organ && table.trueSet.includes(organ));
}

/**
 * The feature vectors at the voxels. The gradient is scattered back, zero elsewhere.
 *
 * @param features [batch, depth, height, width, feature]
 * @param voxels flat indices into [batch, depth, height, width], each at most once
 * @returns [voxel, feature]
 */
export function selectVoxels(features: Tensor5D, voxels: Int32Array): Tensor2D {
  const width = features.shape[4];
  const indices = indexTensor(voxels, [voxels.length, 1]);
  const operation = tf.customGrad((...args: unknown[]) => {
    const [features, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const flat = tf.reshape(features, [-1, width]);
    const value = rawKernel("GatherNd", [flat, indices], {
      attributes: { Tparams: ["type", "float32"], Tindices: ["type", "int64"] },
    });
    save([indices]);
    const gradFunc = (dy: Tensor, [indices]: Tensor[]) => {
      const shape = indexTensor(Int32Array.of(features.size / width, width));
      const scattered = rawKernel("ScatterNd", [indices!, dy, shape], {
        attributes: { T: ["type", "float32"], Tindices: ["type", "int64"] },
      });
      return tf.reshape(scattered, features.shape);
    };
    return { value, gradFunc };
  });
  return operation(features) as Tensor2D;
}

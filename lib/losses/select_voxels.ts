/**
 * Features of the few voxels a loss looks at.
 *
 * @module
 */
import type { Tensor, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { OrganNumber } from "../data/label_set.ts";
import { rawKernel } from "../runtime/raw_kernel.ts";
import { tf } from "../runtime/tf.ts";
import type { AllowedTable, LabelTargets } from "./allowed.ts";
import { CODES } from "./label_map.ts";

/** Flat indices of the voxels of the batch whose label satisfies `wanted`. */
export function voxelsWhere(
  targets: LabelTargets,
  wanted: (table: AllowedTable, code: number) => boolean,
): Int32Array {
  const { codes, shape: [batch] } = targets.map;
  const voxels = codes.length / batch;
  const chosen = targets.tables.map((table) =>
    Array.from({ length: CODES }, (_, code) => wanted(table, code))
  );
  const { counts } = targets.map;
  const total = counts.reduce(
    (sum, count, row) => sum + (chosen[Math.floor(row / CODES)][row % CODES] ? count : 0),
    0,
  );
  const found = new Int32Array(total);
  let n = 0;
  for (let i = 0; i < codes.length && n < total; i++) {
    if (chosen[Math.floor(i / voxels)][codes[i]]) found[n++] = i;
  }
  return found;
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
  const indices = tf.tensor1d(voxels, "int32");
  const operation = tf.customGrad((...args: unknown[]) => {
    const [features, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const flat = tf.reshape(features, [-1, width]);
    const value = rawKernel("GatherV2", [flat, indices, tf.scalar(0, "int32")], {
      attributes: {
        Tparams: ["type", "float32"],
        Tindices: ["type", "int32"],
        Taxis: ["type", "int32"],
        batch_dims: ["int", 0],
      },
    });
    save([indices]);
    const gradFunc = (dy: Tensor, [indices]: Tensor[]) => {
      const rows = tf.reshape(indices, [-1, 1]) as Tensor2D;
      return tf.reshape(tf.scatterND(rows, dy, [features.size / width, width]), features.shape);
    };
    return { value, gradFunc };
  });
  return operation(features) as Tensor2D;
}

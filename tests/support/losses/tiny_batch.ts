import type { Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { assertEquals } from "@std/assert";
import {
  allowedTable,
  type AllowedTableOptions,
  type LabelTargets,
  labelTargets,
} from "../../../lib/losses/allowed.ts";
import { createLabelMap, type LabelShape } from "../../../lib/losses/label_map.ts";
import type { LabelSet } from "../../../lib/data/label_set.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { tensorCount } from "../models/tensor_count.ts";

/** Targets of one sample [1, 1, 1, voxels] with the codes. */
export function tinyTargets(codes: number[], trueSet: LabelSet, options: AllowedTableOptions): LabelTargets {
  return batchTargets([codes], [trueSet], options);
}

/** Targets of several samples [batch, 1, 1, voxels]. */
export function batchTargets(
  codes: number[][],
  trueSets: LabelSet[],
  options: AllowedTableOptions,
): LabelTargets {
  const shape: LabelShape = [codes.length, 1, 1, codes[0]!.length];
  const map = createLabelMap(Uint8Array.from(codes.flat()), shape);
  return labelTargets(map, trueSets.map((trueSet) => allowedTable(trueSet, options)));
}

/** Rows of channel values as [1, 1, 1, voxels, channel]. */
export function tinyLogits(rows: number[][]): Tensor5D {
  return tf.tensor5d(rows.flat(), [1, 1, 1, rows.length, rows[0]!.length]);
}

/** Logits whose softmax are the probabilities (0 becomes a very low logit). */
export function logitsOf(probabilities: number[][]): Tensor5D {
  return tinyLogits(probabilities.map((row) => row.map((p) => p > 0 ? Math.log(p) : -100)));
}

export function seededNormal(shape: [number, number, number, number, number], seed: number): Tensor5D {
  return tf.randomNormal(shape, 0, 1, "float32", seed) as Tensor5D;
}

/** Runs twice; the first time may make what stays (kernels, caches); the second must leave no tensor behind. */
export function assertNoLeak(run: () => Tensor | Tensor[] | void): void {
  for (let i = 0; i < 2; i++) {
    const before = tensorCount();
    const result = run();
    if (result) tf.dispose(result);
    if (i === 1) assertEquals(tensorCount(), before, "tensors left behind");
  }
}

/** Value and gradient at x, disposed of. */
export function valueAndGradient(
  loss: (x: Tensor5D) => Tensor,
  x: Tensor5D,
): { value: number; gradient: Float32Array } {
  return tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad((x: Tensor) => loss(x as Tensor5D))(x);
    return { value: value.dataSync()[0]!, gradient: grad.dataSync() as Float32Array };
  });
}

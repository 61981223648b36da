/**
 * Long lists of indices as inputs of kernels.
 *
 * @module
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { INT32, INT64 } from "./kernels.ts";
import { tf } from "./tf.ts";

/** The part of tfjs-node's backend used here. */
interface NodeBackend {
  binding: { createTensor(shape: number[], dtype: number, values: Int32Array): number };
  createOutputTensor(handle: { id: number; shape: number[]; dtype: number }): Tensor;
}

/**
 * Indices as an int64 tensor for kernels run by {@linkcode rawKernel} with `["type", "int64"]`.
 *
 * TensorFlow keeps int32 tensors in the host's memory, where a GPU's kernel would have them copied at every use: int32 is
 * for shapes and axes. tfjs has no int64 and takes the tensor for int32, so none of its own functions may look at it.
 *
 * @param values not negative
 * @param shape @default one axis
 */
export function indexTensor(values: Int32Array, shape: number[] = [values.length]): Tensor {
  const backend = tf.backend() as unknown as NodeBackend;
  const id = backend.binding.createTensor(shape, INT64, int64Halves(values));
  return backend.createOutputTensor({ id, shape, dtype: INT32 });
}

/** Numbers of int64 as the addon wants them: two int32 each, the lower half first. @param values not negative */
export function int64Halves(values: ArrayLike<number>): Int32Array {
  const halves = new Int32Array(2 * values.length);
  for (let i = 0; i < values.length; i++) halves[2 * i] = values[i]!;
  return halves;
}

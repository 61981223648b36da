/**
 * TensorFlow kernels that tfjs has no function for, by their TensorFlow names.
 *
 * @module
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { type Attribute, attribute, FLOAT32, INT32, INT64 } from "./kernels.ts";
import { tf } from "./tf.ts";

/** The part of tfjs-node's backend used here. */
interface NodeBackend {
  executeSingleOutput(name: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
}

const types = { float32: FLOAT32, int32: INT32, int64: INT64 };

/** The kinds of attributes a TensorFlow kernel declares. */
export type KernelAttribute =
  | readonly ["int", number]
  | readonly ["bool", boolean]
  | readonly ["type", keyof typeof types];

export interface RawKernelOptions {
  /** By TensorFlow's own attribute names. */
  attributes: Record<string, KernelAttribute>;
}

/**
 * Runs one TensorFlow kernel eagerly. Nothing is recorded for gradients: call it inside the forward or gradient
 * function of `tf.customGrad`, or where no gradient is wanted.
 *
 * @param name of the kernel, such as "GatherNd"
 * @returns its output, tracked by the surrounding `tf.tidy`
 */
export function rawKernel(name: string, inputs: Tensor[], { attributes }: RawKernelOptions): Tensor {
  const backend = tf.backend() as unknown as NodeBackend;
  const list = Object.entries(attributes).map(([key, [kind, value]]) =>
    attribute(key, kind, kind === "type" ? types[value] : value)
  );
  return backend.executeSingleOutput(name, list, inputs);
}

/** How many tensors live, so that a test can tell what is left behind. */
import { tf } from "../../../lib/tensors/tf.ts";

export interface TensorCount {
  /** Those that tfjs knows. */
  tfjs: number;
  /** Those in TensorFlow's memory, which raw kernels make past tfjs. */
  tensorflow: number;
}

export function tensorCount(): TensorCount {
  const backend = tf.backend() as unknown as { getNumOfTFTensors(): number };
  return { tfjs: tf.memory().numTensors, tensorflow: backend.getNumOfTFTensors() };
}

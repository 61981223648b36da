/**
 * A tensor as a constant.
 *
 * @module
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";

/**
 * The same values, sharing memory, but no gradient flows back and no backward work is done for them.
 *
 * An operation whose gradient is zero would not do: it lies on the path from the weights to the loss, and the tape
 * would push zeros through the whole network behind it. This one has no inputs as far as the tape can see, so the
 * path ends here.
 */
export function stopGradient<T extends Tensor>(x: T): T {
  return tf.customGrad(() => ({ value: tf.clone(x), gradFunc: () => [] }))() as T;
}

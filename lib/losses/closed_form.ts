/**
 * Voxelwise losses whose gradient is known in closed form.
 *
 * @module
 */
import type { Scalar, Tensor, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";

/** A loss of logits z, [channel, voxels], before it is summed. */
export interface ClosedForm {
  /** Of each voxel, or of each of its channels, [1 or channel, voxels]. */
  loss: Tensor;
  /** ∂ loss / ∂z, [channel, voxels]. */
  slope: Tensor;
  /** Of both, [1 or channel, voxels]. */
  weight: Tensor;
}

/**
 * Σ weight · loss, whose gradient is weight · slope: made in the forward pass, it is all that the backward one needs.
 *
 * @param z gradients flow through it, [channel, voxels]
 * @param parts of z as a constant
 */
export function closedForm(z: Tensor2D, parts: (z: Tensor2D) => ClosedForm): Scalar {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [z, save] = args as [Tensor2D, (tensors: Tensor[]) => void];
    const { loss, slope, weight } = parts(z);
    save([tf.mul(slope, weight)]);
    return {
      value: tf.sum(tf.mul(loss, weight)),
      gradFunc: (dy: Tensor, [gradient]: Tensor[]) => tf.mul(gradient!, dy),
    };
  });
  return operation(z) as Scalar;
}

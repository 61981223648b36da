/** The U-Net by its definition, in operations of tfjs, which knows their gradients. */
import type { Tensor, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { Strides } from "../../../lib/models/layers.ts";
import type { UnetOutputs } from "../../../lib/models/unet.ts";
import type { UnetOptions } from "../../../lib/models/unet_options.ts";
import { tf } from "../../../lib/tensors/tf.ts";

type Rounding = (x: Tensor) => Tensor;

const exactly: Rounding = (x) => x;

/** @param x [batch, depth, height, width, channel] */
export function referenceNormLeakyRelu(
  x: Tensor,
  { scale, shift, round = exactly }: { scale: Tensor; shift: Tensor; round?: Rounding },
): Tensor5D {
  const { mean, variance } = tf.moments(x, [1, 2, 3], true);
  const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
  return round(tf.leakyRelu(round(tf.add(tf.mul(normal, scale), shift)), 0.01)) as Tensor5D;
}

/** Each voxel becomes a block of the strides' size; blocks do not overlap. Filter [...strides, output, input]. */
function upsampled(x: Tensor5D, filter: Tensor, strides: Strides): Tensor5D {
  const [batch, depth, height, width, inputs] = x.shape;
  const outputs = filter.shape[3]!;
  const rows = tf.reshape(x, [-1, inputs]) as Tensor2D;
  const blocks = tf.matMul(rows, tf.reshape(filter, [-1, inputs]) as Tensor2D, false, true);
  const apart = tf.reshape(blocks, [batch, depth, height, width, ...strides, outputs]);
  const together = tf.transpose(apart, [0, 1, 4, 2, 5, 3, 6, 7]);
  const size = [depth, height, width].map((length, axis) => length * strides[axis]) as Strides;
  return tf.reshape(together, [batch, ...size, outputs]) as Tensor5D;
}

export interface ReferenceOptions extends Pick<UnetOptions, "widths" | "strides" | "projection"> {
  /** What the type of convolutions and activations does to numbers and their gradients. @default nothing */
  round?: Rounding;
}

/**
 * @param images [batch, depth, height, width, 1]
 * @param weights of a U-Net of these options
 */
export function referenceUnet(
  images: Tensor5D,
  weights: Record<string, Tensor>,
  { widths, strides, projection, round = exactly }: ReferenceOptions,
): UnetOutputs {
  const filter = (name: string) => weights[`unet_${name}/kernel`] as Tensor5D;
  const convolved = (x: Tensor5D, filter: Tensor, stride: Strides = [1, 1, 1]) =>
    tf.conv3d(x, filter as Tensor5D, stride, "same");
  const block = (x: Tensor5D, label: string, stride?: Strides) => {
    const kernel = filter(`${label}_conv`);
    return referenceNormLeakyRelu(round(convolved(x, x === images ? kernel : round(kernel), stride)), {
      scale: weights[`unet_${label}_norm/scale`],
      shift: weights[`unet_${label}_norm/shift`],
      round,
    });
  };
  const skips: Tensor5D[] = [];
  let x = images;
  widths.forEach((_, level) => {
    x = block(x, `down${level}_a`, strides[level - 1]);
    x = block(x, `down${level}_b`);
    skips.push(x);
  });
  for (let level = widths.length - 2; level >= 0; level--) {
    const up = round(upsampled(x, round(filter(`up${level}`)), strides[level]));
    x = block(tf.concat([skips[level], up], 4) as Tensor5D, `up${level}_a`);
    x = block(x, `up${level}_b`);
  }
  const features = projection === undefined ? x : convolved(x, filter("projection"));
  const logits = tf.add(convolved(features, filter("logits")), weights["unet_logits/bias"]) as Tensor5D;
  return { logits, features };
}

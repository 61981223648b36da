/** The U-Net by its definition, in operations of tfjs, which knows their gradients. */
import type { Tensor, Tensor2D, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { Strides } from "../../../lib/models/layers.ts";
import type { LevelOutputs } from "../../../lib/models/unet.ts";
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
  const size: Strides = [depth * strides[0], height * strides[1], width * strides[2]];
  return tf.reshape(together, [batch, ...size, outputs]) as Tensor5D;
}

/** What a head sees. */
interface ReferenceInputs {
  features: Tensor5D;
  /** The mean over voxels of the deepest level, [batch, channel]. */
  pooled: Tensor;
  /** A weight of the head by its name without the network's. */
  weight(name: string): Tensor;
}

export interface ReferenceOptions
  extends Pick<UnetOptions, "widths" | "strides" | "projection" | "deepSupervision"> {
  /** What the type of convolutions and activations does to numbers and their gradients. @default nothing */
  round?: Rounding;
  /** What the second decoder sees the levels multiplied by, [batch, 1, 1, 1, channel]. @default no second decoder */
  masks?: readonly Tensor[];
  /** @default a linear layer */
  logitsOf?: (inputs: ReferenceInputs) => Tensor;
}

export interface ReferenceOutputs extends LevelOutputs {
  second?: LevelOutputs | undefined;
}

/** Filter [1, 1, 1, feature, class] and bias [class]. */
export function referenceLinear({ features, weight }: ReferenceInputs): Tensor {
  const filter = weight("logits/kernel") as Tensor5D;
  return tf.add(tf.conv3d(features, filter, 1, "same"), weight("logits/bias"));
}

/**
 * @param images [batch, depth, height, width, channel]
 * @param weights of a U-Net of these options
 */
export function referenceUnet(
  images: Tensor5D,
  weights: Record<string, Tensor>,
  options: ReferenceOptions,
): ReferenceOutputs {
  const { widths, strides, projection, round = exactly, masks, logitsOf = referenceLinear } = options;
  const weight = (name: string) => weights[`unet_${name}`]!;
  const filter = (name: string) => weight(`${name}/kernel`) as Tensor5D;
  const convolved = (x: Tensor5D, filter: Tensor, stride: Strides = [1, 1, 1]) =>
    tf.conv3d(x, filter as Tensor5D, stride, "same");
  const block = (x: Tensor5D, label: string, stride?: Strides) => {
    const kernel = filter(`${label}_conv`);
    return referenceNormLeakyRelu(round(convolved(x, x === images ? kernel : round(kernel), stride)), {
      scale: weight(`${label}_norm/scale`),
      shift: weight(`${label}_norm/shift`),
      round,
    });
  };
  const decoded = (levels: readonly Tensor5D[], prefix: string): LevelOutputs => {
    const lower: Tensor5D[] = [];
    const said = (features: Tensor5D, prefix: string) =>
      logitsOf({ features, pooled, weight: (name) => weight(prefix + name) }) as Tensor5D;
    let x = levels.at(-1)!;
    const pooled = tf.mean(x, [1, 2, 3]);
    for (let level = widths.length - 2; level >= 0; level--) {
      const label = `${prefix}up${level}`;
      const up = round(upsampled(x, round(filter(label)), strides[level]!));
      x = block(tf.concat([levels[level]!, up], 4) as Tensor5D, `${label}_a`);
      x = block(x, `${label}_b`);
      // Not at full resolution, and not at the lowest level of the decoder.
      if (options.deepSupervision && level > 0 && level < widths.length - 2) {
        lower.unshift(said(x, `${prefix}level${level}_`));
      }
    }
    const features = projection === undefined ? x : convolved(x, filter(`${prefix}projection`));
    return { logits: said(features, prefix), features, ...options.deepSupervision && { lower } };
  };
  const levels: Tensor5D[] = [];
  let x = images;
  widths.forEach((_, level) => {
    x = block(x, `down${level}_a`, strides[level - 1]);
    x = block(x, `down${level}_b`);
    levels.push(x);
  });
  const first = decoded(levels, "");
  if (!masks) return first;
  const seen = levels.map((x, level) => round(tf.mul(x, round(masks[level]!))) as Tensor5D);
  return { ...first, second: decoded(seen, "second_") };
}

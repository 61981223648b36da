/**
 * The U-Net's weights as they are before any training.
 *
 * @module
 */
import type { Tensor, Variable } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import type { HeadWeight } from "./heads/head.ts";
import type { UnetOptions } from "./unet_options.ts";

export interface InitialWeightsOptions
  extends Pick<UnetOptions, "widths" | "strides" | "projection" | "seed"> {
  /** Of the head: the last ones drawn, so that networks of equal seeds are equal up to there. */
  head: readonly HeadWeight[];
}

/**
 * Convolution weights are He-normal (He et al. 2015); those of transposed convolutions have variance 1 / input channels,
 * since each output voxel is a sum over just the input channels and no activation follows. Scales of norms are ones, shifts
 * zeros, and the head's as it says.
 *
 * Kernels are [depth, height, width, input channel, output channel], transposed ones [depth, height, width, output channel,
 * input channel].
 */
export function initialWeights(
  { widths, strides, projection, head, seed }: InitialWeightsOptions,
): Record<string, Variable> {
  const weights: Record<string, Variable> = {};
  let drawn = 0;
  // tfjs turns a seed into text for its generator, so neighbouring seeds give unrelated streams; but it takes 0 for none.
  const nextSeed = () => 1 + seed * 1000 + drawn++;
  const put = (name: string, make: () => Tensor) => {
    weights[`unet_${name}`] = tf.tidy(() => tf.variable(make()));
  };
  // (tfjs's own heNormal cuts the normal distribution off and loses a quarter of the variance.)
  const normal = (name: string, shape: number[], variance: number) => {
    const initializer = tf.initializers.randomNormal({ stddev: Math.sqrt(variance), seed: nextSeed() });
    put(name, () => initializer.apply(shape));
  };
  const block = (label: string, inputs: number, width: number) => {
    normal(`${label}_conv/kernel`, [3, 3, 3, inputs, width], 2 / (27 * inputs));
    put(`${label}_norm/scale`, () => tf.ones([width]));
    put(`${label}_norm/shift`, () => tf.zeros([width]));
  };

  widths.forEach((width, level) => {
    block(`down${level}_a`, level > 0 ? widths[level - 1] : 1, width);
    block(`down${level}_b`, width, width);
  });
  for (let level = widths.length - 2; level >= 0; level--) {
    const [width, below] = widths.slice(level, level + 2);
    normal(`up${level}/kernel`, [...strides[level], width, below], 1 / below);
    block(`up${level}_a`, 2 * width, width);
    block(`up${level}_b`, width, width);
  }
  if (projection !== undefined) {
    normal("projection/kernel", [1, 1, 1, widths[0], projection], 2 / widths[0]);
  }
  for (const { name, shape, initial } of head) {
    if ("variance" in initial) normal(name, shape, initial.variance);
    else put(name, () => tf.fill(shape, initial.value));
  }
  return weights;
}

/**
 * The U-Net's weights as they are before any training.
 *
 * @module
 */
import type { Tensor, Variable } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import type { Head, HeadWeight } from "./heads/head.ts";
import type { Strides } from "./layers.ts";
import type { UnetOptions } from "./unet_options.ts";
import { levelPrefix } from "./passes/lower_levels.ts";
import { SECOND } from "./unet_pass.ts";

/** Names of the weights of a network's heads, of either decoder: at full resolution, and of its lower levels, all of one kind. */
export function headNames(
  { head, lowerStrides }: { head: Head; lowerStrides: readonly Strides[] },
): { full: string[]; lower: string[] } {
  const named = (prefix: string) =>
    head.weights.flatMap(({ name }) => ["", SECOND].map((decoder) => `unet_${decoder}${prefix}${name}`));
  return { full: named(""), lower: lowerStrides.flatMap((_, i) => named(levelPrefix(i + 1))) };
}

export interface InitialWeightsOptions
  extends
    Pick<UnetOptions, "widths" | "strides" | "kernels" | "projection" | "prompts" | "decoders" | "seed"> {
  /** Of the head: the last ones drawn of a decoder, so that networks of equal seeds are equal up to there. */
  head: readonly HeadWeight[];
  /** Of the heads of levels 1, 2, …, of each decoder. @default there are none */
  lower?: readonly (readonly HeadWeight[])[];
}

/**
 * Convolution weights are He-normal (He et al. 2015); those of transposed convolutions have variance 1 / input channels,
 * since each output voxel is a sum over just the input channels and no activation follows. Scales of norms are ones, shifts
 * zeros, and the head's as it says. A second decoder is drawn after all else, and heads of lower levels after that, so that they change
 * nothing of what is there without them.
 *
 * Kernels are [depth, height, width, input channel, output channel], transposed ones [depth, height, width, output channel,
 * input channel].
 */
export function initialWeights(
  { widths, strides, kernels, projection, prompts = 0, decoders = 1, head, lower = [], seed }:
    InitialWeightsOptions,
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
  const block = (label: string, inputs: number, level: number) => {
    const size = kernels?.[level] ?? [3, 3, 3], width = widths[level]!;
    const voxels = size.reduce((product, length) => product * length, 1);
    normal(`${label}_conv/kernel`, [...size, inputs, width], 2 / (voxels * inputs));
    put(`${label}_norm/scale`, () => tf.ones([width]));
    put(`${label}_norm/shift`, () => tf.zeros([width]));
  };

  const putHead = (prefix: string, head: readonly HeadWeight[]) => {
    for (const { name, shape, initial } of head) {
      if ("variance" in initial) normal(prefix + name, shape, initial.variance);
      else put(prefix + name, () => tf.fill(shape, initial.value));
    }
  };

  let above = 1 + prompts;
  for (const [level, width] of widths.entries()) {
    block(`down${level}_a`, above, level);
    block(`down${level}_b`, width, level);
    above = width;
  }
  const decoder = (prefix: string) => {
    for (let level = widths.length - 2; level >= 0; level--) {
      const label = `${prefix}up${level}`, width = widths[level]!, below = widths[level + 1]!;
      normal(`${label}/kernel`, [...strides[level]!, width, below], 1 / below);
      block(`${label}_a`, 2 * width, level);
      block(`${label}_b`, width, level);
    }
    if (projection !== undefined) {
      const inputs = widths[0]!;
      normal(`${prefix}projection/kernel`, [1, 1, 1, inputs, projection], 2 / inputs);
    }
    putHead(prefix, head);
  };
  const prefixes = decoders === 2 ? ["", SECOND] : [""];
  prefixes.forEach(decoder);
  for (const prefix of prefixes) lower.forEach((head, i) => putHead(prefix + levelPrefix(i + 1), head));
  return weights;
}

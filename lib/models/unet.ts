/**
 * The network of every model: a U-Net (Ronneberger et al. 2015, Çiçek et al. 2016) in nnU-Net's plain form.
 *
 * @module
 */
import type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../runtime/tf.ts";
import { Bfloat16Convolution3d, type Precision } from "./bfloat16_convolution.ts";
import { InstanceNormLeakyRelu } from "./instance_norm.ts";
import { type Strides, TransposedConvolution3d } from "./transposed_convolution.ts";

export interface UnetOptions {
  /** Channels of the logits: background and each organ the model owns. */
  classes: number;
  /** Feature channels of each level, from full resolution down, such as [16, 32, 64, 128]. */
  widths: number[];
  /** Strides [depth, height, width] between a level and the next one down: one fewer than `widths`. */
  strides: Strides[];
  /**
   * Channels of a learned linear projection (1×1×1) between the last decoder level and the logits. What it gives are then
   * the features that models compare (METHOD section 1: features of separately trained nets have arbitrary bases).
   * @default none: the last decoder level is compared as it is
   */
  projection?: number;
  /**
   * Of the convolutions 3×3×3 and the transposed ones, and of their gradients; what has an odd number of channels, as the
   * scan has, stays in float32, and so do norms, logits and weights. @default "float32"
   */
  precision?: Precision;
  /** Same seed, same initial weights, to the bit. */
  seed: number;
  /** Prefix of layer names. @default "unet" */
  name?: string;
}

/** Outputs of {@linkcode createUnet}. */
export type UnetOutputs = [logits: SymbolicTensor, features: SymbolicTensor];

/**
 * Builds a U-Net: each level has twice convolution 3×3×3, instance norm, leaky ReLU (0.01); the first convolution
 * of a lower level is strided, transposed convolutions lead up, skips are concatenated, a 1×1×1 convolution with bias gives the
 * logits. Convolutions before a norm have no bias (the norm would take it away). Convolution weights are He-normal
 * (He et al. 2015).
 *
 * Input [batch, depth, height, width, 1]; each size must be divisible by the product of the strides along it.
 * Outputs: logits [batch, depth, height, width, classes] and the features they are computed from, [batch, depth,
 * height, width, `projection` ?? widths[0]].
 *
 * Padding is TensorFlow's "same": a stride of 2 on an even size pads behind only.
 *
 * @throws when `strides` does not fit `widths`
 */
export function createUnet(
  { classes, widths, strides, projection, precision = "float32", seed, name = "unet" }: UnetOptions,
): LayersModel {
  if (strides.length !== widths.length - 1) {
    throw new Error(
      `Cannot create U-Net: strides must have one entry fewer than widths (${widths.length}), ` +
        `current number is ${strides.length}`,
    );
  }
  let drawn = 0;
  // tfjs turns a seed into text for its generator, so neighbouring seeds give unrelated streams; but it takes 0 for none.
  const nextSeed = () => 1 + seed * 1000 + drawn++;
  // (tfjs's own heNormal cuts the normal distribution off and loses a quarter of the variance.)
  const heNormal = (inputs: number) =>
    tf.initializers.randomNormal({ stddev: Math.sqrt(2 / inputs), seed: nextSeed() });

  const block = (x: SymbolicTensor, filters: number, label: string, stride: Strides = [1, 1, 1]) => {
    const settings = {
      ...{ filters, strides: stride, kernelInitializer: heNormal(27 * x.shape[4]!) },
      name: `${name}_${label}_conv`,
    };
    const convolution = precision === "bfloat16" && isEven(filters) && isEven(x.shape[4]!)
      ? new Bfloat16Convolution3d(settings)
      : tf.layers.conv3d({ ...settings, kernelSize: 3, padding: "same", useBias: false });
    const norm = new InstanceNormLeakyRelu({ name: `${name}_${label}_norm` });
    return norm.apply(convolution.apply(x)) as SymbolicTensor;
  };

  const input = tf.input({ shape: [null, null, null, 1], name: `${name}_input` });
  const skips: SymbolicTensor[] = [];
  let x: SymbolicTensor = input;
  widths.forEach((width, level) => {
    x = block(x, width, `down${level}_a`, level > 0 ? strides[level - 1] : undefined);
    x = block(x, width, `down${level}_b`);
    skips.push(x);
  });
  for (let level = widths.length - 2; level >= 0; level--) {
    const up = new TransposedConvolution3d({
      filters: widths[level],
      strides: strides[level],
      seed: nextSeed(),
      precision: isEven(widths[level]) && isEven(widths[level + 1]) ? precision : "float32",
      name: `${name}_up${level}`,
    });
    x = up.apply(x) as SymbolicTensor;
    x = tf.layers.concatenate({ name: `${name}_skip${level}` }).apply([skips[level], x]) as SymbolicTensor;
    x = block(x, widths[level], `up${level}_a`);
    x = block(x, widths[level], `up${level}_b`);
  }
  const features = projection === undefined ? x : tf.layers.conv3d({
    filters: projection,
    kernelSize: 1,
    useBias: false,
    kernelInitializer: heNormal(widths[0]),
    name: `${name}_projection`,
  }).apply(x) as SymbolicTensor;
  const logits = tf.layers.conv3d({
    filters: classes,
    kernelSize: 1,
    kernelInitializer: heNormal(projection ?? widths[0]),
    name: `${name}_logits`,
  }).apply(features) as SymbolicTensor;
  return tf.model({ inputs: input, outputs: [logits, features], name });
}

const isEven = (channels: number) => channels % 2 === 0;

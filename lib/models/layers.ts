/**
 * The layers of the network, forward and backward, as chains of kernels.
 *
 * All tensors are [batch, depth, height, width, channel], in float32 or bfloat16; a layer computes in the type of its input.
 * Sums within kernels, and the statistics, scale and shift of norms, are in float32 in any case.
 *
 * @module
 */
import {
  type Attribute,
  attribute,
  BFLOAT16,
  FLOAT32,
  type Handle,
  integers,
  type KernelScope,
  nothing,
} from "../tensors/kernels.ts";
import { LEAK, NORM_EPSILON, type Strides } from "./unet_options.ts";

export type { Strides };

/** The shape of all that a layer works on, filters too: five axes. */
export type Sizes = [number, number, number, number, number];

/** [batch, depth, height, width, channel], or of a filter [depth, height, width, input channel, output channel]. */
export function sizesOf({ shape }: Handle): Sizes {
  return shape as Sizes;
}

const made = new Map<string, Attribute[]>();

/** Attributes by what they are for: made once, since that costs more than a small kernel. */
export function attributesOf(key: string, make: () => Attribute[]): Attribute[] {
  let attributes = made.get(key);
  if (!attributes) made.set(key, attributes = make());
  return attributes;
}

export const typeOf = (dtype: number) => attributesOf(`type ${dtype}`, () => [attribute("T", "type", dtype)]);

export function cast(scope: KernelScope, x: Handle, dtype: number): Handle {
  const attributes = attributesOf(`cast ${x.dtype} ${dtype}`, () => [
    attribute("SrcT", "type", x.dtype),
    attribute("DstT", "type", dtype),
    attribute("Truncate", "bool", false),
  ]);
  return scope.run("Cast", [x], attributes)[0];
}

/** The same numbers in another shape; `x` itself is freed. */
export function reshaped(scope: KernelScope, x: Handle, shape: readonly number[]): Handle {
  const attributes = attributesOf(`reshape ${x.dtype}`, () => [
    attribute("T", "type", x.dtype),
    attribute("Tshape", "type", integers([1]).dtype),
  ]);
  const [result] = scope.run("Reshape", [x, integers(shape)], attributes);
  scope.free(x);
  return result;
}

/** A second handle on the same memory. */
export function identity(scope: KernelScope, x: Handle): Handle {
  return scope.run("Identity", [x], typeOf(x.dtype))[0];
}

/** Samples of a batch, [1, …] each, without copying. */
function samplesOf(scope: KernelScope, batch: Handle): Handle[] {
  const { dtype } = batch, [count] = sizesOf(batch);
  if (count === 1) return [batch];
  const attributes = attributesOf(`split ${dtype} ${count}`, () => [
    attribute("T", "type", dtype),
    attribute("num_split", "int", count),
  ]);
  return scope.run("Split", [integers(0), batch], attributes, count);
}

/** Joins along an axis. */
export function concatenated(scope: KernelScope, parts: readonly Handle[], axis: number): Handle {
  const { dtype } = parts[0]!;
  const attributes = attributesOf(`concat ${dtype} ${parts.length}`, () => [
    attribute("T", "type", dtype),
    attribute("Tidx", "type", integers(0).dtype),
    attribute("N", "int", parts.length),
  ]);
  return scope.run("ConcatV2", [...parts, integers(axis)], attributes)[0];
}

/** Channels from…to of x. */
export function channels(scope: KernelScope, x: Handle, [from, to]: [from: number, to: number]): Handle {
  return sliced(scope, x, { from: [0, 0, 0, 0, from], size: [...x.shape.slice(0, 4), to - from] });
}

/** A box of x. One of whole rows along the first axis shares its memory. */
export function sliced(
  scope: KernelScope,
  x: Handle,
  { from, size }: { from: readonly number[]; size: readonly number[] },
): Handle {
  const attributes = attributesOf(`slice ${x.dtype}`, () => [
    attribute("T", "type", x.dtype),
    attribute("Index", "type", integers(0).dtype),
  ]);
  return scope.run("Slice", [x, integers(from), integers(size)], attributes)[0];
}

/** Sum of tensors of equal shape. */
export function added(scope: KernelScope, terms: readonly Handle[]): Handle {
  const { dtype } = terms[0]!;
  const attributes = attributesOf(`add ${dtype} ${terms.length}`, () => [
    attribute("T", "type", dtype),
    attribute("N", "int", terms.length),
  ]);
  return scope.run("AddN", terms, attributes)[0];
}

/** Of a convolution and its gradients. */
export function convolutionAttributes(
  dtype: number,
  { strides, padding, shaped = false }: { strides: Strides; padding: "SAME" | "VALID"; shaped?: boolean },
): Attribute[] {
  return attributesOf(`convolution ${dtype} ${strides} ${padding} ${shaped}`, () => [
    attribute("T", "type", dtype),
    ...shaped ? [attribute("Tshape", "type", integers(0).dtype)] : [],
    attribute("strides", "int", [1, ...strides, 1]),
    attribute("padding", "string", padding),
    attribute("data_format", "string", "NDHWC"),
    attribute("dilations", "int", [1, 1, 1, 1, 1]),
  ]);
}

export interface ConvolutionOptions {
  strides: Strides;
  padding: "SAME" | "VALID";
}

/** Convolution C x. Filter [depth, height, width, input channel, output channel]. */
export function convolution(
  scope: KernelScope,
  { x, filter }: { x: Handle; filter: Handle },
  options: ConvolutionOptions,
): Handle {
  return scope.run("Conv3D", [x, filter], convolutionAttributes(x.dtype, options))[0];
}

/** Its transposed Cᵀ dy, of the wanted shape: the gradient by x, and what a decoder upsamples with. */
export function transposedConvolution(
  scope: KernelScope,
  { dy, filter, shape }: { dy: Handle; filter: Handle; shape: readonly number[] },
  options: ConvolutionOptions,
): Handle {
  const attributes = convolutionAttributes(dy.dtype, { ...options, shaped: true });
  return scope.run("Conv3DBackpropInputV2", [integers(shape), filter, dy], attributes)[0];
}

/** Learned scale and shift of a norm, both [channel], float32. */
export interface NormWeights {
  scale: Handle;
  shift: Handle;
}

/** What the backward pass of {@linkcode instanceNormLeakyRelu} needs besides its output. */
export interface NormState {
  /** Of each sample, its input, [1, depth, height · width, channel], and the kernel's statistics of it. */
  samples: { x: Handle; statistics: Handle[] }[];
}

// The kernel is fastest with the sample's slices as rows: [1, 1, voxels, channel] takes twice the time.
const flat = ([, depth, height, width, channel]: Sizes) => [1, depth, height * width, channel];

function normAttributes(dtype: number): Attribute[] {
  return attributesOf(`norm ${dtype}`, () => [
    attribute("T", "type", dtype),
    attribute("U", "type", FLOAT32),
    attribute("epsilon", "float", NORM_EPSILON),
    attribute("data_format", "string", "NHWC"),
    attribute("is_training", "bool", true),
  ]);
}

function leakyAttributes(dtype: number): Attribute[] {
  return attributesOf(`leaky ${dtype}`, () => [
    attribute("T", "type", dtype),
    attribute("alpha", "float", LEAK),
  ]);
}

/** Puts samples together that were worked on flat, and frees them. */
function unflattened(scope: KernelScope, samples: readonly Handle[], shape: readonly number[]): Handle {
  if (samples.length === 1) return reshaped(scope, samples[0]!, shape);
  const joined = concatenated(scope, samples, 0);
  scope.free(...samples);
  return reshaped(scope, joined, shape);
}

/** The samples of a batch, flat; the batch is freed. */
function flattened(scope: KernelScope, batch: Handle): Handle[] {
  const samples = samplesOf(scope, batch);
  const shape = flat(sizesOf(batch));
  const rows = samples.map((sample) => reshaped(scope, sample, shape));
  scope.free(batch);
  return rows;
}

/**
 * y = leakyReLU(scale · (x − mean) / √(variance + ε) + shift), mean and (biased) variance over the voxels of each sample
 * and channel (Ulyanov et al. 2016). A batch normalisation of a batch of one *is* an instance normalisation, so each
 * sample goes through TensorFlow's fused kernel. Takes `x` over: it is freed or in the state.
 *
 * @returns y, of the shape of x, and the state for the backward pass
 */
export function instanceNormLeakyRelu(
  scope: KernelScope,
  x: Handle,
  { scale, shift }: NormWeights,
): { y: Handle; state: NormState } {
  const { shape, dtype } = x;
  const samples: NormState["samples"] = [];
  const active = flattened(scope, x).map((rows) => {
    // Running means are not used in training.
    const inputs = [rows, scale, shift, nothing(), nothing()];
    const [normed, mean, variance, ...statistics] = scope.run(
      "FusedBatchNormV3",
      inputs,
      normAttributes(dtype),
      6,
    );
    scope.free(mean, variance);
    samples.push({ x: rows, statistics });
    const [active] = scope.run("LeakyRelu", [normed], leakyAttributes(dtype));
    scope.free(normed);
    return active;
  });
  return { y: unflattened(scope, active, shape), state: { samples } };
}

/** Frees a state that no backward pass will take. */
export function freeNormState(scope: KernelScope, { samples }: NormState): void {
  for (const { x, statistics } of samples) scope.free(x, ...statistics);
}

/**
 * Gradients of {@linkcode instanceNormLeakyRelu}. The leaky ReLU preserves the sign, so its output tells its input's: the
 * value between norm and activation is never kept. Takes over `dy`, `y` and the state.
 *
 * @returns gradients by x, scale and shift
 */
export function instanceNormLeakyReluGradient(
  scope: KernelScope,
  { dy, y, state }: { dy: Handle; y: Handle; state: NormState },
  { scale }: NormWeights,
): { dx: Handle; scale: Handle; shift: Handle } {
  const { shape, dtype } = y;
  const [dNormed] = scope.run("LeakyReluGrad", [dy, y], leakyAttributes(dtype));
  scope.free(dy, y);
  const gradients = flattened(scope, dNormed).map((rows, n) => {
    const { x, statistics } = state.samples[n]!;
    const inputs = [rows, x, scale, ...statistics];
    const [dx, dScale, dShift, ...unused] = scope.run(
      "FusedBatchNormGradV3",
      inputs,
      normAttributes(dtype),
      5,
    );
    scope.free(rows, ...unused);
    return { dx, dScale, dShift };
  });
  freeNormState(scope, state);
  return {
    dx: unflattened(scope, gradients.map(({ dx }) => dx), shape),
    scale: sumOf(scope, gradients.map(({ dScale }) => dScale)),
    shift: sumOf(scope, gradients.map(({ dShift }) => dShift)),
  };
}

/** Sum over samples, which are freed. */
function sumOf(scope: KernelScope, terms: readonly Handle[]): Handle {
  if (terms.length === 1) return terms[0]!;
  const sum = added(scope, terms);
  scope.free(...terms);
  return sum;
}

export const typeNumber = { float32: FLOAT32, bfloat16: BFLOAT16 } as const;

/** x + bias of each channel. */
export function biased(scope: KernelScope, x: Handle, bias: Handle): Handle {
  return scope.run("BiasAdd", [x, bias], typeOf(x.dtype))[0];
}

/** The gradient of {@linkcode biased} by the bias. */
export function biasGradient(scope: KernelScope, dy: Handle): Handle {
  return scope.run("BiasAddGrad", [dy], typeOf(dy.dtype))[0];
}

/**
 * Gradients by the filters of convolutions: on processors with AVX2 alone half of a training step.
 *
 * @module
 */
import {
  attribute,
  BFLOAT16,
  FLOAT32,
  type Handle,
  handleOf,
  integers,
  KernelScope,
} from "../tensors/kernels.ts";
import { AXES } from "../imaging/each_axis.ts";
import { quickest } from "../tensors/quickest.ts";
import { isOnGpu, tf } from "../tensors/tf.ts";
import {
  added,
  attributesOf,
  cast,
  convolutionAttributes,
  type ConvolutionOptions,
  identity,
  reshaped,
  sizesOf,
  sliced,
} from "./layers.ts";

interface FilterGradientInputs {
  /** [batch, depth, height, width, input channel] */
  x: Handle;
  /** [batch, depth, height, width, output channel], smaller than x by the strides. */
  dy: Handle;
  /** [depth, height, width, input channel, output channel]; only its shape matters. */
  filter: Handle;
}

/**
 * The gradient by the filter of y = C x, of the filter's shape. Since ⟨g, Cᵀx⟩ = ⟨C g, x⟩, that of y = Cᵀ x is the same
 * with g = dL/dy for x and x for dy (tfjs has no gradient of transposed convolutions: tensorflow/tfjs#6323).
 *
 * @returns in the type of x, or float32
 */
export function filterGradient(
  scope: KernelScope,
  inputs: FilterGradientInputs,
  options: ConvolutionOptions,
): Handle {
  if (!isOnGpu && isBeyondBfloat16(inputs)) return filterGradientInFloat32(scope, inputs, options);
  return !isOnGpu && canGoByPlanes(inputs, options) && (form ??= quickestForm()) === "by planes"
    ? filterGradientByPlanes(scope, inputs, options)
    : filterGradientAtOnce(scope, inputs, options);
}

/**
 * Whether oneDNN's kernel for bfloat16 cannot be trusted: where the filter is larger than the volume along an axis it reads (and
 * writes) beside its memory. Measured on AVX-512 BF16, TensorFlow 2.21: filter 3³ on volumes two planes deep, or one voxel wide with a stride, gave
 * any numbers up to Infinity, another one each time, or ended the process. The way forward and the gradient by x are right.
 */
function isBeyondBfloat16({ x, filter }: FilterGradientInputs): boolean {
  const [, ...volume] = sizesOf(x), planes = sizesOf(filter);
  return x.dtype === BFLOAT16 && AXES.some((axis) => volume[axis] < planes[axis]);
}

/** Such volumes are small: float32 costs next to nothing. */
function filterGradientInFloat32(
  scope: KernelScope,
  { x, dy, filter }: FilterGradientInputs,
  options: ConvolutionOptions,
): Handle {
  const inputs = { x: cast(scope, x, FLOAT32), dy: cast(scope, dy, FLOAT32), filter };
  const gradient = filterGradientAtOnce(scope, inputs, options);
  scope.free(inputs.x, inputs.dy);
  return gradient;
}

/** By TensorFlow's kernel for it. */
export function filterGradientAtOnce(
  scope: KernelScope,
  { x, dy, filter }: FilterGradientInputs,
  options: ConvolutionOptions,
): Handle {
  const attributes = convolutionAttributes(x.dtype, options);
  return scope.run("Conv3DBackpropFilterV2", [x, integers(filter.shape), dy], attributes)[0];
}

/**
 * The same, for padding "SAME" and no stride along depth, from convolutions in two dimensions: plane k of a filter of three
 * sees each plane of dy with the plane of x that lies k − 1 behind it, and a volume's planes are a batch of images. Nothing
 * is copied: planes that follow each other lie in one piece of memory.
 *
 * For AVX2 oneDNN has no kernel of its own where a convolution in three dimensions pads, and takes the general way, about
 * half as fast (and less with 16 channels); in two dimensions it has one.
 */
export function filterGradientByPlanes(
  scope: KernelScope,
  { x, dy, filter }: FilterGradientInputs,
  { strides: [, ...strides] }: ConvolutionOptions,
): Handle {
  const before = scope.mark();
  const [batch, size] = sizesOf(x);
  const [depth, ...shape] = sizesOf(filter);
  const planesOfX = planesOf(scope, x), planesOfDy = planesOf(scope, dy);
  const attributes = attributesOf(`planes ${x.dtype} ${strides}`, () => [
    attribute("T", "type", x.dtype),
    attribute("strides", "int", [1, ...strides, 1]),
    attribute("padding", "string", "SAME"),
    attribute("explicit_paddings", "int", []),
    attribute("data_format", "string", "NHWC"),
    attribute("dilations", "int", [1, 1, 1, 1]),
    attribute("use_cudnn_on_gpu", "bool", true),
  ]);
  const gradients = Array.from({ length: depth }, (_, k) => {
    const behind = k - (depth - 1) / 2, count = size - Math.abs(behind);
    const samples = Array.from({ length: batch }, (_, n) => {
      const ofX = planesOfX(n * size + Math.max(0, behind), count);
      const ofDy = planesOfDy(n * size + Math.max(0, -behind), count);
      return scope.run("Conv2DBackpropFilter", [ofX, integers(shape), ofDy], attributes)[0];
    });
    return batch === 1 ? samples[0]! : added(scope, samples);
  });
  const packing = attributesOf(`pack ${x.dtype} ${depth}`, () => [
    attribute("T", "type", x.dtype),
    attribute("N", "int", depth),
    attribute("axis", "int", 0),
  ]);
  const [gradient] = scope.run("Pack", gradients, packing);
  scope.dispose(new Set([...before, gradient.id]));
  return gradient;
}

/** Planes from one on, [plane, height, width, channel], counted through all samples of a batch; they share its memory. */
function planesOf(scope: KernelScope, volumes: Handle): (from: number, count: number) => Handle {
  const [batch, depth, ...shape] = sizesOf(volumes);
  const planes = identity(scope, volumes);
  const all = reshaped(scope, planes, [batch * depth, ...shape]);
  const none = shape.map(() => 0);
  return (from, count) => sliced(scope, all, { from: [from, ...none], size: [count, ...shape] });
}

/** Voxels of a sample below which a dozen kernels take as long as the general way: from 8³ to 16³ it turns. */
const FEW = 16 ** 3;

/** The filter must have a middle plane and others; volumes must be worth it. */
function canGoByPlanes(
  { x, filter }: FilterGradientInputs,
  { strides, padding }: ConvolutionOptions,
): boolean {
  const [, depth, height, width] = sizesOf(x);
  const [planes] = sizesOf(filter);
  return x.dtype === FLOAT32 && padding === "SAME" && strides[0] === 1 && planes > 1 && planes % 2 === 1 &&
    depth > (planes - 1) / 2 && depth * height * width >= FEW;
}

let form: "at once" | "by planes" | undefined;

/** Which is quicker here. What a step spends most on, full resolution with few channels, is tried, on a small volume. */
function quickestForm(): "at once" | "by planes" {
  const scope = new KernelScope();
  const ones = {
    x: tf.ones([1, 32, 32, 32, 16]),
    dy: tf.ones([1, 32, 32, 32, 16]),
    filter: tf.ones([3, 3, 3, 16, 16]),
  };
  const inputs = { x: handleOf(ones.x), dy: handleOf(ones.dy), filter: handleOf(ones.filter) };
  const options = { strides: [1, 1, 1], padding: "SAME" } satisfies ConvolutionOptions;
  try {
    return quickest("filter gradient", {
      "at once": () => scope.free(filterGradientAtOnce(scope, inputs, options)),
      "by planes": () => scope.free(filterGradientByPlanes(scope, inputs, options)),
    });
  } finally {
    scope.dispose();
    tf.dispose(ones);
  }
}

/**
 * The blocks of the network, each with its way back.
 *
 * A way back frees what its block kept as soon as it is done.
 *
 * @module
 */
import { FLOAT32, type Handle, type KernelScope } from "../../tensors/kernels.ts";
import { filterGradient } from "../filter_gradient.ts";
import {
  convolution,
  freeNormState,
  instanceNormLeakyRelu,
  instanceNormLeakyReluGradient,
  sizesOf,
  type Strides,
  transposedConvolution,
} from "../layers.ts";
import { freeing, inType } from "./consuming.ts";

/** A weight by its name without the network's: float32, and in the type that convolutions compute in. */
export interface PassWeights {
  float32(name: string): Handle;
  typed(name: string): Handle;
}

/** Gradients by names of weights, float32. */
export type WeightGradients = Record<string, Handle>;

/** What all blocks of an encoder or a decoder know. */
export interface PassContext {
  /** Everything lives in it. */
  scope: KernelScope;
  weights: PassWeights;
  /** Where the ways back put the gradients by weights. */
  gradients: WeightGradients;
  /** TensorFlow's number of the type that convolutions compute in. */
  dtype: number;
  /** Whether a backward pass will follow. */
  keep: boolean;
}

/** One step of the way, and what undoes it. */
export interface Step {
  /** [batch, depth, height, width, channel] */
  y: Handle;
  back: WayBack;
}

/** Takes the gradient of a step's output over and gives that of its input; undefined where nothing asks for it. */
export type WayBack = (dy: Handle) => Handle | undefined;

export interface BlockOptions {
  /** Its weights' names begin with it. */
  label: string;
  /** @default [1, 1, 1] */
  strides?: Strides;
  /** What becomes of the input: a skip is needed further on, and nothing asks for the gradient of the images. @default "inner" */
  input?: "images" | "skip" | "inner";
}

/** Convolution, 3×3×3 if its filter is not another one, norm, activation. Frees its input, unless that is a skip or a backward pass will follow. */
export function block(
  { scope, weights, gradients, dtype, keep }: PassContext,
  x: Handle,
  { label, strides = [1, 1, 1], input = "inner" }: BlockOptions,
): Step {
  // A scan has one channel: bfloat16 gains nothing there.
  const inputType = x.dtype;
  const name = `${label}_conv/kernel`;
  const filter = inputType === FLOAT32 ? weights.float32(name) : weights.typed(name);
  const form = { strides, padding: "SAME" as const };
  const norm = {
    scale: weights.float32(`${label}_norm/scale`),
    shift: weights.float32(`${label}_norm/shift`),
  };
  const { y, state } = instanceNormLeakyRelu(
    scope,
    inType(scope, convolution(scope, { x, filter }, form), dtype),
    norm,
  );
  if (!keep) {
    freeNormState(scope, state);
    if (input !== "skip") scope.free(x);
  }
  return {
    y,
    back(dy) {
      const d = instanceNormLeakyReluGradient(scope, { dy, y, state }, norm);
      gradients[`${label}_norm/scale`] = d.scale;
      gradients[`${label}_norm/shift`] = d.shift;
      const own = inType(scope, d.dx, inputType);
      gradients[name] = inType(scope, filterGradient(scope, { x, dy: own, filter }, form), FLOAT32);
      return input === "images"
        ? freeing(scope, [own, x], undefined)
        : freeing(scope, [own], transposedConvolution(scope, { dy: own, filter, shape: x.shape }, form));
    },
  };
}

export interface UpsampledOptions {
  /** Its weight's name begins with it. */
  label: string;
  strides: Strides;
  /** Channels of the output. */
  width: number;
}

/** A transposed convolution: each voxel becomes a block of the strides' size. Frees its input as {@linkcode block} does. */
export function upsampled(
  { scope, weights, gradients, keep }: PassContext,
  x: Handle,
  { label, strides, width }: UpsampledOptions,
): Step {
  const name = `${label}/kernel`;
  const filter = weights.typed(name);
  const form = { strides, padding: "VALID" as const };
  const [batch, depth, height, columns] = sizesOf(x);
  const shape = [batch, depth * strides[0], height * strides[1], columns * strides[2], width];
  const y = transposedConvolution(scope, { dy: x, filter, shape }, form);
  if (!keep) scope.free(x);
  return {
    y,
    back(dy) {
      gradients[name] = inType(scope, filterGradient(scope, { x: dy, dy: x, filter }, form), FLOAT32);
      return freeing(scope, [dy], convolution(scope, { x: dy, filter }, form));
    },
  };
}

/**
 * A batch's way through the U-Net and back, written down step by step.
 *
 * The backward pass goes through the same steps in reverse and frees what each of them kept as soon as it is done, so
 * memory is highest between the passes and falls from there.
 *
 * @module
 */
import { FLOAT32, type Handle, type KernelScope } from "../tensors/kernels.ts";
import { filterGradient } from "./filter_gradient.ts";
import type { Head } from "./heads/head.ts";
import {
  added,
  cast,
  channels,
  concatenated,
  convolution,
  freeNormState,
  instanceNormLeakyRelu,
  instanceNormLeakyReluGradient,
  type Strides,
  transposedConvolution,
} from "./layers.ts";
import { pointwise, pointwiseFilterGradient, pointwiseInputGradient } from "./pointwise.ts";

/** The network's form. */
export interface UnetForm {
  widths: readonly number[];
  strides: readonly Strides[];
  /** Whether a linear projection stands between the last decoder level and the head. */
  projection: boolean;
  head: Head;
  /** TensorFlow's number of the type that convolutions compute in. */
  dtype: number;
}

/** A weight by its name without the network's: float32, and in the type that convolutions compute in. */
export interface PassWeights {
  float32(name: string): Handle;
  typed(name: string): Handle;
}

export interface PassOptions extends UnetForm {
  weights: PassWeights;
  /** Whether a backward pass will follow. */
  keep: boolean;
}

/** Gradients by names of weights, float32. */
export type WeightGradients = Record<string, Handle>;

/** Gradients by outputs of the network. */
interface OutputGradients {
  logits?: Handle | undefined;
  features?: Handle | undefined;
}

export interface UnetPass {
  /** [batch, depth, height, width, channel of the head], float32. */
  logits: Handle;
  /** What the logits are computed from, [batch, depth, height, width, feature], float32. */
  features: Handle;
  /** Gradients by all weights, from those by logits and features, which stay the caller's; possible once. */
  backward(gradient: OutputGradients): WeightGradients;
}

const SAME = { strides: [1, 1, 1] as Strides, padding: "SAME" as const };

/** Goes forward. Everything lives in the scope: dispose it after the backward pass, or when none is wanted. */
export function unetPass(scope: KernelScope, images: Handle, options: PassOptions): UnetPass {
  const { widths, strides, weights, keep, dtype } = options;
  const gradients: WeightGradients = {};
  /** What undoes each step; it takes the gradient of the step's output over and gives that of its input. */
  const steps: ((dy: Handle) => Handle | undefined)[] = [];
  const skipGradients: Handle[] = [];

  let x = images;
  const skips: Handle[] = [];
  widths.forEach((_, level) => {
    x = block(x, `down${level}_a`, level > 0 ? strides[level - 1] : SAME.strides);
    x = block(x, `down${level}_b`, SAME.strides);
    if (level < widths.length - 1) {
      skips.push(x);
      steps.push((dy) => sum(dy, skipGradients[level]));
    }
  });
  for (let level = widths.length - 2; level >= 0; level--) {
    x = joined(upsampled(x, level), level);
    x = block(x, `up${level}_a`, SAME.strides);
    x = block(x, `up${level}_b`, SAME.strides);
  }
  const decoded = dtype === FLOAT32 ? x : cast(scope, x, FLOAT32);
  const features = options.projection ? pointwise(scope, projection()) : decoded;
  const head = options.head.pass(scope, { features }, weights.float32);
  const { logits } = head;
  return { logits, features, backward };

  /** Convolution 3×3×3, norm, activation. Keeps its input, which may be a skip, unless no backward pass will follow. */
  function block(x: Handle, label: string, stride: Strides): Handle {
    // A scan has one channel: bfloat16 gains nothing there.
    const input = x.dtype;
    const name = `${label}_conv/kernel`;
    const filter = input === FLOAT32 ? weights.float32(name) : weights.typed(name);
    const form = { strides: stride, padding: "SAME" as const };
    const norm = {
      scale: weights.float32(`${label}_norm/scale`),
      shift: weights.float32(`${label}_norm/shift`),
    };
    const { y, state } = instanceNormLeakyRelu(
      scope,
      as(dtype, convolution(scope, { x, filter }, form)),
      norm,
    );
    if (!keep) {
      freeNormState(scope, state);
      if (!skips.includes(x)) scope.free(x);
    }
    steps.push((dy) => {
      const d = instanceNormLeakyReluGradient(scope, { dy, y, state }, norm);
      gradients[`${label}_norm/scale`] = d.scale;
      gradients[`${label}_norm/shift`] = d.shift;
      const own = as(input, d.dx);
      gradients[name] = as(FLOAT32, filterGradient(scope, { x, dy: own, filter }, form));
      // Nothing asks for the gradient of the images.
      return freeing(
        [own],
        x === images ? undefined : transposedConvolution(scope, { dy: own, filter, shape: x.shape }, form),
      );
    });
    return y;
  }

  function upsampled(x: Handle, level: number): Handle {
    const name = `up${level}/kernel`;
    const filter = weights.typed(name);
    const form = { strides: strides[level], padding: "VALID" as const };
    const [batch, ...size] = x.shape;
    const shape = [batch, ...strides[level].map((stride, axis) => size[axis] * stride), widths[level]];
    const y = transposedConvolution(scope, { dy: x, filter, shape }, form);
    if (!keep) scope.free(x);
    steps.push((dy) => {
      gradients[name] = as(FLOAT32, filterGradient(scope, { x: dy, dy: x, filter }, form));
      return freeing([dy], convolution(scope, { x: dy, filter }, form));
    });
    return y;
  }

  /** Skip and upsampled side by side. */
  function joined(up: Handle, level: number): Handle {
    const width = widths[level];
    const both = concatenated(scope, [skips[level], up], 4);
    scope.free(up);
    if (!keep) scope.free(skips[level]);
    steps.push((dy) => {
      scope.free(both);
      skipGradients[level] = channels(scope, dy, [0, width]);
      return freeing([dy], channels(scope, dy, [width, 2 * width]));
    });
    return both;
  }

  function projection() {
    return { x: decoded, filter: weights.float32("projection/kernel") };
  }

  function backward(gradient: OutputGradients): WeightGradients {
    let dy = gradient.features;
    if (gradient.logits) {
      const through = head.backward(gradient.logits);
      Object.assign(gradients, through.weights);
      dy = dy ? sum(through.inputs.features, dy) : through.inputs.features;
    } else scope.free(logits);
    if (!dy) {
      throw new Error("Cannot go back through the network: there must be a gradient, current number is 0");
    }
    if (options.projection) {
      const inputs = { ...projection(), dy };
      gradients["projection/kernel"] = pointwiseFilterGradient(scope, inputs);
      dy = freeing([dy], pointwiseInputGradient(scope, inputs));
    }
    if (decoded !== x) scope.free(decoded);
    dy = as(dtype, dy);
    for (let step = steps.pop(); step; step = steps.pop()) dy = step(dy!);
    return gradients;
  }

  /** Frees what belongs to this pass. */
  function sum(a: Handle, b: Handle): Handle {
    return freeing([a, b], added(scope, [a, b]));
  }

  /** In the wanted type; frees `x` if that is another one. */
  function as(dtype: number, x: Handle): Handle {
    return x.dtype === dtype ? x : freeing([x], cast(scope, x, dtype));
  }

  /** What was made of some tensors, which are freed. */
  function freeing<T extends Handle | undefined>(old: readonly Handle[], made: T): T {
    scope.free(...old);
    return made;
  }
}

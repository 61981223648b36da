/**
 * The network of every model: a U-Net (Ronneberger et al. 2015, Çiçek et al. 2016) in nnU-Net's plain form.
 *
 * @module
 */
import type { NamedTensorMap, Tensor, Tensor5D, Variable } from "@tensorflow/tfjs-node-gpu";
import { type Handle, handleOf, KernelScope } from "../tensors/kernels.ts";
import { tf } from "../tensors/tf.ts";
import { createHead } from "./heads/create_head.ts";
import type { Head } from "./heads/head.ts";
import { SOFTMAX } from "./heads/head_plan.ts";
import { cast, identity, typeNumber } from "./layers.ts";
import type { UnetOptions } from "./unet_options.ts";
import { type UnetPass, unetPass } from "./unet_pass.ts";
import { initialWeights } from "./unet_weights.ts";

/** What the network says of images. */
export interface UnetOutputs {
  /** [batch, depth, height, width, channel of the head]: of softmax, the classes */
  logits: Tensor5D;
  /** What the logits are computed from, [batch, depth, height, width, feature]. */
  features: Tensor5D;
}

/** Gradients by what it says. */
type OutputGradients = { [K in keyof UnetOutputs]?: Tensor | undefined };

/** A pass that can go back. */
export interface TrainingPass extends UnetOutputs {
  /**
   * Gradients by all weights, by the names of their variables, from the gradients by logits and features; possible once, and
   * logits and features are gone afterwards. The caller disposes the gradients.
   */
  backward(gradient: OutputGradients): NamedTensorMap;
  /** Frees what the backward pass would need, and logits and features. */
  dispose(): void;
}

export interface Unet {
  /** By names that do not depend on what else lives in the process, in a fixed order. */
  weights: Record<string, Variable>;
  head: Head;
  /**
   * @param images [batch, depth, height, width, 1]; each size must be divisible by the product of the strides along it
   * @returns tensors that the caller disposes
   */
  predict(images: Tensor5D): UnetOutputs;
  /** A pass that a backward pass may follow; the caller disposes it. Images as of `predict`. */
  pass(images: Tensor5D): TrainingPass;
  dispose(): void;
}

/**
 * Builds a U-Net: each level has twice convolution 3×3×3, instance norm, leaky ReLU (0.01); the first convolution
 * of a lower level is strided, transposed convolutions lead up, skips are concatenated, a head gives the logits (softmax: by a
 * 1×1×1 convolution with bias). Convolutions before a norm have no bias (the norm would take it away).
 *
 * Padding is TensorFlow's "same": a stride of 2 on an even size pads behind only.
 *
 * @throws when `strides` does not fit `widths`, or the head the classes
 */
export function createUnet(options: UnetOptions): Unet {
  const { widths, strides, projection, precision = "float32" } = options;
  if (strides.length !== widths.length - 1) {
    throw new Error(
      `Cannot create U-Net: strides must have one entry fewer than widths (${widths.length}), ` +
        `current number is ${strides.length}`,
    );
  }
  const head = createHead(options.head ?? SOFTMAX, {
    classes: options.classes,
    features: projection ?? widths[0],
  });
  const weights = initialWeights({ ...options, head: head.weights });
  const form = { widths, strides, projection: projection !== undefined, head, dtype: typeNumber[precision] };

  /** Each weight in the wanted type, converted at most once a pass. */
  function passWeights(scope: KernelScope) {
    const converted = new Map<string, Handle>();
    const float32 = (name: string) => handleOf(weights[`unet_${name}`]);
    const typed = (name: string) => {
      if (precision === "float32") return float32(name);
      if (!converted.has(name)) converted.set(name, cast(scope, float32(name), form.dtype));
      return converted.get(name)!;
    };
    return { float32, typed };
  }

  function forward(scope: KernelScope, { images, keep }: { images: Tensor5D; keep: boolean }) {
    const pass = unetPass(scope, handleOf(images), { ...form, weights: passWeights(scope), keep });
    // For tfjs: a second handle on the same memory, which the pass may go on needing.
    const handedOver = (handle: Handle) => scope.adopt(identity(scope, handle)) as Tensor5D;
    return { pass, logits: handedOver(pass.logits), features: handedOver(pass.features) };
  }

  function predict(images: Tensor5D): UnetOutputs {
    const scope = new KernelScope();
    try {
      const { logits, features } = forward(scope, { images, keep: false });
      return { logits, features };
    } finally {
      scope.dispose();
    }
  }

  function pass(images: Tensor5D): TrainingPass {
    const scope = new KernelScope();
    try {
      const { pass, logits, features } = forward(scope, { images, keep: true });
      return {
        logits: tf.keep(logits),
        features: tf.keep(features),
        backward(gradient) {
          tf.dispose([logits, features]);
          return backward(scope, { pass, gradient });
        },
        dispose() {
          scope.dispose();
          tf.dispose([logits, features]);
        },
      };
    } catch (error) {
      scope.dispose();
      throw error;
    }
  }

  function backward(
    scope: KernelScope,
    { pass, gradient }: { pass: UnetPass; gradient: OutputGradients },
  ): NamedTensorMap {
    const { logits, features } = gradient;
    const gradients = pass.backward({
      logits: logits && handleOf(logits),
      features: features && handleOf(features),
    });
    return Object.fromEntries(
      Object.entries(gradients).map(([name, handle]) => [weights[`unet_${name}`].name, scope.adopt(handle)]),
    );
  }

  return { weights, head, predict, pass, dispose: () => tf.dispose(weights) };
}

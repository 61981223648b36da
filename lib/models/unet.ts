/**
 * The network of every model: a U-Net (Ronneberger et al. 2015, Çiçek et al. 2016) in nnU-Net's plain form.
 *
 * @module
 */
import type { NamedTensorMap, Tensor, Tensor5D, Variable } from "@tensorflow/tfjs-node-gpu";
import { type Handle, handleOf, KernelScope } from "../tensors/kernels.ts";
import { supervisedLevels } from "../data/supervised_levels.ts";
import { normOf } from "../tensors/norm_of.ts";
import { tf } from "../tensors/tf.ts";
import { createHead } from "./heads/create_head.ts";
import type { Head } from "./heads/head.ts";
import { SOFTMAX } from "./heads/head_plan.ts";
import { cast, identity, type Strides, typeNumber } from "./layers.ts";
import { type ChannelDropout, checkDropout } from "./passes/channel_dropout.ts";
import { checkForm, type UnetOptions } from "./unet_options.ts";
import type { PassOutputs } from "./passes/decoder.ts";
import { type PassOptions, type UnetPass, unetPass } from "./unet_pass.ts";
import { initialWeights } from "./unet_weights.ts";

export type { ChannelDropout };

/** What the network says of images. */
export interface UnetOutputs {
  /** [batch, depth, height, width, channel of the head]: of softmax, the classes */
  logits: Tensor5D;
  /** What the logits are computed from, [batch, depth, height, width, feature]. */
  features: Tensor5D;
}

/** What a decoder says in a training pass. */
export interface LevelOutputs extends UnetOutputs {
  /**
   * What its lower levels say, from level 1 down, each on its own grid, [batch, depth, height, width, channel of the head].
   * @default they have no heads: the network is without deep supervision
   */
  lower?: readonly Tensor5D[];
}

/** All that a decoder says, in a fixed order: logits and features first. */
export function outputsOf({ logits, features, lower = [] }: LevelOutputs): Tensor5D[] {
  return [logits, features, ...lower];
}

/** Gradients by what a decoder says. */
export interface OutputGradients {
  logits?: Tensor | undefined;
  features?: Tensor | undefined;
  /** In the order of the levels; they come with one by logits or features. @default nothing depends on them */
  lower?: readonly (Tensor | undefined)[] | undefined;
}

/** Gradients by what the network says: any of them, one at least. */
export interface PassGradients extends OutputGradients {
  second?: OutputGradients | undefined;
}

/** A pass that can go back. */
export interface TrainingPass extends LevelOutputs {
  /** What the second decoder says, in passes with dropout. */
  second?: LevelOutputs | undefined;
  /**
   * Gradients by the weights that something depends on, by the names of their variables, from the gradients by outputs; possible
   * once, and the outputs are gone afterwards. The caller disposes the gradients.
   *
   * @throws Error when there is no gradient, or one by outputs that are not there
   */
  backward(gradient: PassGradients): NamedTensorMap;
  /**
   * Euclidean norm of the gradient by the first decoder's features, [batch, depth, height, width, feature], from the gradients by
   * its outputs, one at least: what they ask of the network, wherever they enter it. Before `backward`.
   */
  gradientNorm(gradient: Omit<OutputGradients, "lower">): number;
  /** Frees what the backward pass would need, and the outputs. */
  dispose(): void;
}

export interface TrainingPassOptions {
  /**
   * The second decoder runs, too. What it sees of the encoder, each skip and the deepest level, is behind dropout of channels,
   * drawn anew for each level, sample and channel. @default none: the second decoder costs nothing
   */
  dropout?: ChannelDropout | undefined;
}

export interface Unet {
  /** By names that do not depend on what else lives in the process, in a fixed order. */
  weights: Record<string, Variable>;
  head: Head;
  /** Channels of the images beside the scan's one. */
  readonly prompts: number;
  readonly decoders: 1 | 2;
  /** Of each level that deep supervision teaches, from level 1 down, the stride from full resolution. */
  readonly lowerStrides: readonly Strides[];
  /**
   * What the first decoder says.
   *
   * @param images [batch, depth, height, width, 1 or 1 + prompts]; each size must be divisible by the product of the strides
   * along it. Prompts that are not there are zeros
   * @returns tensors that the caller disposes
   * @throws Error when the images have other channels
   */
  predict(images: Tensor5D): UnetOutputs;
  /**
   * A pass that a backward pass may follow; the caller disposes it. Images as of `predict`.
   *
   * @throws Error when the images have other channels, or when channels are to be dropped and there is no second decoder
   */
  pass(images: Tensor5D, options?: TrainingPassOptions): TrainingPass;
  dispose(): void;
}

/**
 * Builds a U-Net: each level has twice convolution 3×3×3, instance norm, leaky ReLU (0.01); the first convolution
 * of a lower level is strided, transposed convolutions lead up, skips are concatenated, a head gives the logits (softmax: by a
 * 1×1×1 convolution with bias). Convolutions before a norm have no bias (the norm would take it away).
 *
 * Padding is TensorFlow's "same": a stride of 2 on an even size pads behind only.
 *
 * @throws Error when `strides` or `kernels` do not fit `widths`, or the head the classes, and when there can be no such prompts, decoders or deep
 * supervision
 */
export function createUnet(options: UnetOptions): Unet {
  checkForm(options);
  const { widths, strides, projection, prompts = 0, decoders = 1, precision = "float32" } = options;
  const headOn = (features: number) =>
    createHead(options.head ?? SOFTMAX, { classes: options.classes, features, pooled: widths.at(-1)! });
  const head = headOn(projection ?? widths[0]!);
  const levels = options.deepSupervision ? supervisedLevels(widths.length) : [];
  const lower = levels.map((level) => headOn(widths[level]!));
  const lowerStrides = levels.map((level) => product(strides.slice(0, level)));
  const weights = initialWeights({
    ...options,
    head: head.weights,
    lower: lower.map(({ weights }) => weights),
  });
  const dtype = typeNumber[precision];
  const form = { widths, strides, projection: projection !== undefined, prompts, head, lower, dtype };

  /** Each weight in the wanted type, converted at most once a pass. */
  function passWeights(scope: KernelScope) {
    const converted = new Map<string, Handle>();
    const float32 = (name: string) => handleOf(weights[`unet_${name}`]!);
    const typed = (name: string) => {
      if (precision === "float32") return float32(name);
      if (!converted.has(name)) converted.set(name, cast(scope, float32(name), form.dtype));
      return converted.get(name)!;
    };
    return { float32, typed };
  }

  function forward(scope: KernelScope, images: Tensor5D, options: Pick<PassOptions, "keep" | "dropout">) {
    const pass = unetPass(scope, handleOf(images), { ...form, weights: passWeights(scope), ...options });
    // For tfjs: a second handle on the same memory, which the pass may go on needing.
    const handedOver = (handle: Handle) => scope.adopt(identity(scope, handle)) as Tensor5D;
    const outputs = ({ logits, features, lower }: PassOutputs): LevelOutputs => ({
      logits: handedOver(logits),
      features: handedOver(features),
      ...lower.length > 0 && { lower: lower.map(handedOver) },
    });
    return { pass, first: outputs(pass), second: pass.second && outputs(pass.second) };
  }

  function predict(images: Tensor5D): UnetOutputs {
    const scope = new KernelScope();
    try {
      return forward(scope, images, { keep: false }).first;
    } finally {
      scope.dispose();
    }
  }

  function pass(images: Tensor5D, { dropout }: TrainingPassOptions = {}): TrainingPass {
    if (dropout) {
      if (decoders === 1) {
        throw new Error("Cannot drop channels: the network must have 2 decoders, current number is 1");
      }
      checkDropout(dropout);
    }
    const scope = new KernelScope();
    try {
      const { pass, first, second } = forward(scope, images, { keep: true, dropout });
      const outputs = [first, second].flatMap((said) => said ? outputsOf(said) : []);
      outputs.forEach((output) => tf.keep(output));
      return {
        ...first,
        ...second && { second },
        gradientNorm: (gradient) => normOf(scope, [pass.byFeatures(handles(gradient))]),
        backward(gradient) {
          tf.dispose(outputs);
          return backward(scope, { pass, gradient });
        },
        dispose() {
          scope.dispose();
          tf.dispose(outputs);
        },
      };
    } catch (error) {
      scope.dispose();
      throw error;
    }
  }

  function backward(
    scope: KernelScope,
    { pass, gradient }: { pass: UnetPass; gradient: PassGradients },
  ): NamedTensorMap {
    const { second } = gradient;
    const gradients = pass.backward({ ...handles(gradient), second: second && handles(second) });
    return Object.fromEntries(
      Object.entries(gradients).map(([name, handle]) => [weights[`unet_${name}`]!.name, scope.adopt(handle)]),
    );
  }

  const dispose = () => tf.dispose(weights);
  return { weights, head, prompts, decoders, lowerStrides, predict, pass, dispose };
}

function handles({ logits, features, lower }: OutputGradients) {
  const handle = (gradient: Tensor | undefined) => gradient && handleOf(gradient);
  return { logits: handle(logits), features: handle(features), lower: lower?.map(handle) };
}

/** Strides one after the other. */
function product(strides: readonly Strides[]): Strides {
  return strides.reduce(([a, b, c], [z, y, x]): Strides => [a * z, b * y, c * x], [1, 1, 1]);
}

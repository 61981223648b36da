/**
 * A batch's way through the U-Net and back, written down step by step.
 *
 * The backward pass goes through the same steps in reverse and frees what each of them kept as soon as it is done, so
 * memory is highest between the passes and falls from there.
 *
 * @module
 */
import type { Handle, KernelScope } from "../tensors/kernels.ts";
import type { PassContext, PassWeights, WeightGradients } from "./passes/blocks.ts";
import type { ChannelDropout } from "./passes/channel_dropout.ts";
import { sum } from "./passes/consuming.ts";
import { decode, type DecoderForm, type OutputGradients, type PassOutputs } from "./passes/decoder.ts";
import { encode } from "./passes/encoder.ts";
import { withPrompts } from "./passes/prompts.ts";

/** The network's form. */
export interface UnetForm extends DecoderForm {
  /** Channels beside the scan's one. */
  prompts: number;
  /** TensorFlow's number of the type that convolutions compute in. */
  dtype: number;
}

export interface PassOptions extends UnetForm {
  weights: PassWeights;
  /** Whether a backward pass will follow. */
  keep: boolean;
  /**
   * The second decoder runs, too, on the encoder's outputs without the channels that this drops; wants `keep`.
   * @default the first decoder alone
   */
  dropout?: ChannelDropout | undefined;
}

/** Gradients by the outputs of each decoder: one at least. */
interface PassGradients extends OutputGradients {
  second?: OutputGradients | undefined;
}

export interface UnetPass extends PassOutputs {
  /** What the second decoder says, where it ran. */
  second?: PassOutputs | undefined;
  /**
   * Gradients by the weights that something depends on, from those by outputs, which stay the caller's; possible once.
   *
   * @throws Error when there is no gradient, or one by outputs that are not there, or by lower levels alone
   */
  backward(gradient: PassGradients): WeightGradients;
  /** The gradient by the first decoder's features, through the head and directly; before `backward`. */
  byFeatures(gradient: OutputGradients): Handle;
}

/** What the names of the second decoder's weights begin with. */
export const SECOND = "second_";

/**
 * Goes forward. Everything lives in the scope: dispose it after the backward pass, or when none is wanted.
 *
 * @param images [batch, depth, height, width, 1 or 1 + prompts], float32
 */
export function unetPass(scope: KernelScope, images: Handle, options: PassOptions): UnetPass {
  const { weights, keep, dtype, prompts, dropout } = options;
  const context: PassContext = { scope, weights, gradients: {}, dtype, keep };
  const encoder = encode(context, withPrompts(scope, images, prompts), options);
  const first = decode(context, encoder.outputs, { ...options, dropout: undefined });
  const ofSecond: PassContext = { ...context, weights: secondOf(weights), gradients: {} };
  const second = dropout && decode(ofSecond, encoder.outputs, options);

  function backward({ second: bySecond = {}, ...byFirst }: PassGradients): WeightGradients {
    const ways = [{ decoder: first, by: byFirst }, { decoder: second, by: bySecond }];
    const wanted = ways.filter(({ by }) => by.logits || by.features);
    for (const { decoder, by } of ways) requireLowerLevels(by, decoder);
    if (wanted.length === 0) {
      throw new Error("Cannot go back through the network: there must be a gradient, current number is 0");
    }
    if (wanted.some(({ decoder }) => !decoder)) {
      throw new Error(
        "Cannot go back through the network: gradients by the second decoder's outputs want a pass with dropout, " +
          "this one had none",
      );
    }
    for (const way of ways) if (!wanted.includes(way)) way.decoder?.dispose();
    const levels = wanted.map(({ decoder, by }) => decoder!.backward(by));
    encoder.backward(levels.reduce((all, more) => all.map((one, level) => sum(scope, one, more[level]!))));
    const named = Object.entries(ofSecond.gradients).map(([name, gradient]) => [SECOND + name, gradient]);
    return { ...context.gradients, ...Object.fromEntries(named) };
  }

  const { logits, features, lower, byFeatures } = first;
  return { logits, features, lower, second, backward, byFeatures };
}

/** @throws Error when gradients by lower levels come alone, or are by levels that the decoder has no heads of */
function requireLowerLevels({ logits, features, lower = [] }: OutputGradients, decoder?: PassOutputs): void {
  const last = lower.findLastIndex((gradient) => gradient) + 1, levels = decoder?.lower.length ?? 0;
  if (last > levels) {
    throw new Error(
      `Cannot go back through the network: gradients by lower levels must be by levels with a head, there are ${levels}, ` +
        `current level is ${last}`,
    );
  }
  if (last > 0 && !logits && !features) {
    throw new Error(
      "Cannot go back through the network: gradients by lower levels must come with one by logits or features, current " +
        "number of these is 0",
    );
  }
}

function secondOf({ float32, typed }: PassWeights): PassWeights {
  return { float32: (name) => float32(SECOND + name), typed: (name) => typed(SECOND + name) };
}

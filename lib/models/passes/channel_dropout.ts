/**
 * Dropout of whole channels (Tompson et al. 2015): neighbouring voxels of a channel say much the same, so dropping single ones
 * would hide nothing.
 *
 * @module
 */
import { chance, type RandomGenerator } from "../../data/random.ts";
import { type Handle, type KernelScope, numbers } from "../../tensors/kernels.ts";
import { sizesOf, typeOf } from "../layers.ts";
import { inType } from "./consuming.ts";

export interface ChannelDropout {
  /** Of the channels that are dropped, in [0, 1). */
  share: number;
  /** Equal generators drop equal channels. */
  random: RandomGenerator;
}

/** @throws Error when the share is not in [0, 1) */
export function checkDropout({ share }: ChannelDropout): void {
  if (!(share >= 0 && share < 1)) {
    throw new Error(`Cannot drop channels: share must be 0 or more and below 1, current value is ${share}`);
  }
}

/**
 * What channels are multiplied by, [batch, channel]: 0, with the probability of the share, or 1 / (1 - share), so that the
 * mean over many draws is 1.
 */
export function drawMask(
  { share, random }: ChannelDropout,
  [batch, channels]: readonly [batch: number, channels: number],
): Float32Array {
  return Float32Array.from(
    { length: batch * channels },
    () => chance(random, share) ? 0 : 1 / (1 - share),
  );
}

/** A mask of each, [batch, 1, 1, 1, channel], in its type. */
export function drawMasks(
  scope: KernelScope,
  outputs: readonly Handle[],
  dropout: ChannelDropout,
): Handle[] {
  return outputs.map((output) => {
    const [batch, , , , channels] = sizesOf(output);
    const mask = numbers(scope, drawMask(dropout, [batch, channels]), [batch, 1, 1, 1, channels]);
    return inType(scope, mask, output.dtype);
  });
}

/** x · mask. Linear and of one factor for each entry, so the way back is the same. */
export function masked(scope: KernelScope, x: Handle, mask: Handle): Handle {
  return scope.run("Mul", [x, mask], typeOf(x.dtype))[0];
}

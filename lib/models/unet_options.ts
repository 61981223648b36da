/**
 * What a U-Net is made from. Nothing here loads TensorFlow.
 *
 * @module
 */
import { supervisedLevels } from "../data/supervised_levels.ts";
import type { HeadPlan } from "./heads/head_plan.ts";

/** Strides, or sizes, along [depth, height, width]. */
export type Strides = [number, number, number];

/** The arithmetic of convolutions. */
export type Precision = "float32" | "bfloat16";

/** Negative inputs of the leaky ReLU are multiplied by it. */
export const LEAK = 0.01;

/** Added to variances by norms. */
export const NORM_EPSILON = 1e-5;

/** A network's form, as a cohort has it. */
export type NetworkForm = Pick<
  UnetOptions,
  "widths" | "strides" | "kernels" | "projection" | "deepSupervision" | "precision"
>;

export interface UnetOptions {
  /** Background and each organ the model owns. */
  classes: number;
  /** From features to logits, and what these say. @default softmax */
  head?: HeadPlan | undefined;
  /** Feature channels of each level, from full resolution down, such as [16, 32, 64, 128]. */
  widths: number[];
  /** Strides [depth, height, width] between a level and the next one down: one fewer than `widths`. */
  strides: Strides[];
  /**
   * Sizes [depth, height, width] of the convolutions of each level, as many as `widths`, odd numbers. Where slices are thick, nnU-Net
   * takes 1×3×3 until the voxels' sides are alike (Isensee et al. 2021, supplement). @default 3×3×3 on each level
   */
  kernels?: Strides[] | undefined;
  /**
   * Channels of a learned linear projection (1×1×1) between the last decoder level and the head. What it gives are then
   * the features that models compare (METHOD section 1: features of separately trained nets have arbitrary bases).
   * @default none: the last decoder level is compared as it is
   */
  projection?: number | undefined;
  /**
   * Channels beside the scan's one, such as clicks: images are then [batch, depth, height, width, 1 + prompts]. Where they
   * have the scan alone, prompts are zeros. @default 0
   */
  prompts?: number | undefined;
  /**
   * With 2 there is a second decoder on the one encoder, with projection and head of its own (UNet_CCT: Luo et al. 2022, arXiv
   * 2203.02106). The first one predicts; the second runs in training passes that drop channels of what it sees. @default 1
   */
  decoders?: 1 | 2 | undefined;
  /**
   * Whether lower levels of each decoder, which lib/data/supervised_levels.ts names, have heads of their own, of the head's kind, by
   * which labels teach them (METHOD section 0, deep supervision). They look in training passes alone. @default false
   */
  deepSupervision?: boolean | undefined;
  /**
   * What activations are kept and convolutions 3×3×3 and transposed ones computed in, forward and backward; the first
   * convolution, weights, their gradients' sums, statistics of norms, features and logits are float32 in any case (the
   * recipe of mixed precision, Micikevicius et al. 2018, with bfloat16's range, which needs no loss scaling: Kalamkar
   * et al. 2019). @default "float32"
   */
  precision?: Precision | undefined;
  /** Same seed, same initial weights, to the bit. */
  seed: number;
}

/** @throws Error when a network cannot be of this form */
export function checkForm(
  { widths, strides, kernels, prompts = 0, decoders = 1, deepSupervision }: Omit<
    UnetOptions,
    "classes" | "seed"
  >,
): void {
  if (strides.length !== widths.length - 1) {
    throw new Error(
      `Cannot create U-Net: strides must have one entry fewer than widths (${widths.length}), ` +
        `current number is ${strides.length}`,
    );
  }
  if (kernels && kernels.length !== widths.length) {
    throw new Error(
      `Cannot create U-Net: kernels must have as many entries as widths (${widths.length}), current number is ${kernels.length}`,
    );
  }
  const even = kernels?.flat().find((size) => !(size > 0 && size % 2 === 1));
  if (even !== undefined) {
    throw new Error(
      `Cannot create U-Net: sizes of kernels must be odd, so that they have a middle, current value is ${even}`,
    );
  }
  if (deepSupervision && supervisedLevels(widths.length).length === 0) {
    throw new Error(
      "Cannot create U-Net: deep supervision must have a level of the decoder between the highest and the lowest one, so 4 " +
        `widths at least, current number is ${widths.length}`,
    );
  }
  if (!(Number.isInteger(prompts) && prompts >= 0)) {
    throw new Error(
      `Cannot create U-Net: prompts must be a whole number, 0 or more, current value is ${prompts}`,
    );
  }
  if (decoders !== 1 && decoders !== 2) {
    throw new Error(`Cannot create U-Net: decoders must be 1 or 2, current value is ${decoders}`);
  }
}

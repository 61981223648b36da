/**
 * What a U-Net is made from.
 *
 * @module
 */
import type { HeadPlan } from "./heads/head_plan.ts";
import type { Strides } from "./layers.ts";

/** The arithmetic of convolutions. */
export type Precision = "float32" | "bfloat16";

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

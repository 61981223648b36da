/**
 * The end of a network: from features to logits, and from logits to what they say. Training, inference and files ask the head
 * and know none of its kinds.
 *
 * @module
 */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { LabelSet } from "../../data/label_set.ts";
import type { Handle, KernelScope } from "../../tensors/kernels.ts";
import type { HeadPlan } from "./head_plan.ts";

/** Whether a class, background first, is none; background is one always. */
export type Silent = readonly boolean[];

/** What logits say. All tensors are [batch, depth, height, width, class], logits those of the head: no gradient flows. */
export interface Readout {
  /** p: channel 0 is background, then the network's organs. */
  probabilities(logits: Tensor5D): Tensor5D;
  /**
   * Probabilities of the organs, and in channel 0 what the largest of them must exceed. The decision is the class of the largest
   * vote, the lower of equal ones; votes may be averaged over networks, windows and voxels before.
   *
   * @param silent organs' channels that are no classes, as if the network did not have them: their votes are 0. @default none
   */
  votes(logits: Tensor5D, silent?: Silent): Tensor5D;
  /** Some growing function of the votes: where one network decides at once, it costs less. */
  ranks(logits: Tensor5D): Tensor5D;
}

/** A weight as it is before any training. */
export interface HeadWeight {
  /** Without the network's. */
  name: string;
  shape: number[];
  /** Drawn from a normal distribution of this variance, or a number all over. */
  initial: { variance: number } | { value: number };
}

/** What a head sees of the network, float32; it stays the network's. */
export interface HeadInputs {
  /** [batch, depth, height, width, feature] */
  features: Handle;
  /**
   * The mean over voxels of the encoder's deepest level, [batch, channel of that level]: what the whole volume shows. For
   * heads that ask for it.
   */
  pooled?: Handle | undefined;
}

export interface HeadGradients {
  /** By the inputs that the head had. */
  inputs: HeadInputs;
  /** By names of weights. */
  weights: Record<string, Handle>;
}

export interface HeadPass {
  /** [batch, depth, height, width, channel of the head] */
  logits: Handle;
  /** From the gradient by logits, which stays the caller's; possible once, and the logits are freed as soon as it can be. */
  backward(dLogits: Handle): HeadGradients;
}

/** A weight by its name, float32. */
export type HeadWeights = (name: string) => Handle;

/** What a head is made for. */
export interface HeadForm {
  /** Background and organs. */
  classes: number;
  /** Channels of the features. */
  features: number;
  /** Channels of the pooled features, for heads that ask for these. @default none */
  pooled?: number | undefined;
}

export interface Head {
  plan: HeadPlan;
  readout: Readout;
  /** In a fixed order. */
  weights: HeadWeight[];
  /** Whether it asks for the pooled features. @default false */
  pooled?: boolean | undefined;
  /** What entries of its weights' last axis stand for, 0 for background; undefined where they stand for no classes. */
  rowsOf(organs: LabelSet): LabelSet | undefined;
  /** Everything lives in the scope. */
  pass(scope: KernelScope, inputs: HeadInputs, weight: HeadWeights): HeadPass;
}

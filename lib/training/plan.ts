/**
 * What a stage of training is: its networks, the batches they see, and what they learn from them. A method makes one, the
 * engine carries it out.
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { LabelSet, OrganNumber } from "../data/label_set.ts";
import type { PatchBatch } from "../data/patches/patch_batch.ts";
import type { RandomGenerator } from "../data/random.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import type { OrganModel } from "../inference/predictor.ts";
import type { LabelMap } from "../losses/label_map.ts";
import type { Readout } from "../models/heads/head.ts";
import type { HeadPlan } from "../models/heads/head_plan.ts";
import type { ChannelDropout, LevelOutputs } from "../models/unet.ts";
import type { StageState } from "./stage_state.ts";

/** Values that a stage's identity is made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface TrainingPlan {
  /** By name, as in history.csv. */
  networks: Readonly<Record<string, NetworkPlan>>;
  /** Streams of batches by name, such as the dataset's. */
  streams: Readonly<Record<string, StreamPlan>>;
  /** Looks of a learning network at a batch in a step, on average: what a step costs. @default one a stream */
  looksPerStep?: number;
  /**
   * What the networks learn. Called when training begins: losses are imported in here, so that a method's table can be read
   * without TensorFlow.
   */
  objective(context: TrainingContext): Objective | Promise<Objective>;
}

/** Whether a network learns, stays as it is, or is the moving average of another one, which has the same organs. */
export type NetworkRole = "learns" | "frozen" | { follows: string; decay: number };

export interface NetworkPlan {
  /** The organs of its channels 1, 2, …; channel 0 is background. */
  organs: LabelSet;
  /** Those of its organs that its labels show in groups alone, such as both kidneys as one. @default none */
  joint?: LabelSet;
  /** Cases that select its checkpoint, which the stage then returns. @default none: it is not kept */
  validation?: readonly StoredCase[];
  /** @default "learns" */
  role?: NetworkRole;
  /** From features to logits, and what these say; of a network that follows, as of the other one. @default softmax */
  head?: HeadPlan;
  /** Channels of its input beside the scan, such as a prompt; a look whose images have none gives it zeros. @default 0 */
  prompts?: number;
  /**
   * Two: a second decoder behind channel dropout on the one encoder. The first one predicts. Where a step has no term on one of
   * them, that one stays as it is; a stage without any term on one is an error, told at its end.
   * @default 1
   */
  decoders?: 1 | 2;
  /**
   * Whether labels teach it where it learns. Lower levels of one that they do not teach have no heads, whatever the cohort says of deep
   * supervision. @default true
   */
  supervised?: boolean;
  /**
   * The network, one before it in the plan, whose learned projection of features is its own, too: what either learns of it, both
   * have. @default it has one of its own, where the cohort's networks have any
   */
  projectionOf?: string;
  /** Added to the seed of its initial weights. @default 0: networks start from equal weights, up to the last layer */
  seed?: number;
  /**
   * Whose weights it starts from: all that have the same shape, and the last layer's rows of organs that both have.
   * @default drawn from the seed
   */
  from?: OrganModel;
}

/** A seeded change of a batch, such as hidden labels. Its name and options tell it from others. */
export interface BatchChange {
  name: string;
  options: Json;
  /** The changed batch; the given one stays as it is. */
  apply(batch: PatchBatch, random: RandomGenerator): PatchBatch;
}

export interface StreamPlan {
  cases: readonly StoredCase[];
  /** Organs the dataset shows, O_n of METHOD section 0, which decides whether patches may be mirrored. */
  shown: LabelSet;
  /** @default none */
  change?: BatchChange;
}

export interface RampOptions {
  /** Share of the steps that it is 0 for, before it grows. @default 0 */
  rest?: number | undefined;
  /** @default "gaussian" */
  shape?: "gaussian" | "linear" | undefined;
}

export interface TrainingContext {
  seed: number;
  /** Factor of terms that grow from nothing to their weight over the share `rampUp` of the steps, 0…1. */
  ramp(step: number, options?: RampOptions): number;
  /** A generator of its own for each purpose of each step. */
  random(step: number, purpose: string): RandomGenerator;
}

/** A batch, its images and labels where TensorFlow finds them, and what the cohort says of its losses. */
export interface LabelledBatch extends PatchBatch {
  /** [batch, depth, height, width, 1] */
  tensor: Tensor5D;
  map: LabelMap;
  /** The cohort's `training.foregroundShare`, which targets of the batch carry to the losses. @default it has none */
  foregroundShare?: number | undefined;
}

/** What a batch's labels say; where levels below full resolution are taught, `map` is of their grid. */
export type BatchLabels = Pick<
  LabelledBatch,
  "labelSets" | "pseudoSets" | "groups" | "map" | "foregroundShare"
>;

/** One network's forward pass on some images. */
export interface Look {
  network: string;
  /**
   * [batch, depth, height, width, 1], or with the channels of its prompts behind the scan's. Unless they are the batch's own,
   * the engine disposes them after the round: what is to be kept longer is a copy.
   */
  images: Tensor5D;
  /** Its second decoder looks, too, behind this dropout. @default only the first does */
  dropout?: ChannelDropout;
}

/** What a look has seen. No gradient flows into a network that does not learn. */
export interface View {
  network: string;
  /** [batch, depth, height, width, channel of the head]: of softmax, the classes */
  logits: Tensor5D;
  /** [batch, depth, height, width, feature] of the last decoder level. */
  features: Tensor5D;
  /**
   * What the decoder's lower levels say, from level 1 down, each on its own grid, [batch, depth, height, width, channel of the head].
   * @default they have no heads
   */
  lower?: readonly Tensor5D[];
  /** Of the second decoder, where it looked. */
  second?: LevelOutputs;
  /** What the logits say, by the network's head. */
  readout: Readout;
}

/** One named part of a network's loss. */
export interface Term {
  network: string;
  /** As its column in history.csv is called: not as one of the others, such as `step`. */
  name: string;
  value: Scalar;
  /** Its factor in the sum. */
  weight: number;
}

/** By names that the round gives them; each is one forward pass. */
export type Looks = Readonly<Record<string, Look>>;

/**
 * Looks whose passes are in memory together, and the terms made of them. So a term that compares networks costs no pass of
 * its own, and memory holds the passes of one round, not those of all.
 */
export interface Round<D extends readonly string[] = readonly string[], L extends Looks = Looks> {
  /** Streams it draws a batch of, each. */
  draws: D;
  /** @param batches in the order of `draws` */
  looks(batches: BatchesOf<D>): L;
  /** @param views by the names of the looks */
  terms(views: ViewsOf<L>, batches: BatchesOf<D>): readonly Term[];
}

export type BatchesOf<D extends readonly string[]> = { readonly [K in keyof D]: LabelledBatch };
export type ViewsOf<L extends Looks> = { readonly [K in keyof L]: View };

/** A round whose looks and terms know by their types what was drawn and seen. */
export function round<const D extends readonly string[], L extends Looks>(of: Round<D, L>): Round {
  return of as unknown as Round;
}

/** By organ or group, the Dice of each validation case where it is labelled, in their order; NaN: nowhere to be seen. */
export type ValidationScores = ReadonlyMap<OrganNumber, readonly number[]>;

export interface Objective {
  /** Rounds of a step: all see the same weights, one update follows. Those that draw the same stream have the same batch. */
  rounds(step: number): readonly Round[];
  /**
   * What it remembers from step to step; saved with every checkpoint. What the stage returns of it at the end are its numbers and
   * words alone, not its tensors.
   * @default nothing
   */
  memory?: Memory;
  /** Told how a network did on its validation cases, each time it is validated. @default it does not want to know */
  validated?(network: string, scores: ValidationScores): void;
}

export interface Memory {
  /** Tensors are copies, which the caller disposes. */
  save(): StageState;
  /** Takes over what `save` gave; the caller disposes the tensors. */
  load(state: StageState): void;
  /** Disposes the tensors that it holds; called once, however the stage ends. @default it holds none */
  dispose?(): void;
}

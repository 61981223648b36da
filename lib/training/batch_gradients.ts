/**
 * What the models that look at one dataset's batch learn from it.
 *
 * Every visiting model makes one forward pass on the batch, inside one gradient tape, and every loss term is
 * made of these passes. So a term that compares models costs no pass of its own, and memory holds the passes of
 * one batch, not those of all datasets.
 *
 * @module
 */
import type { NamedTensorMap, Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { PatchBatch } from "../data/patches/patch_batch.ts";
import { createLabelMap, type LabelMap } from "../losses/label_map.ts";
import type { TrainingPass } from "../models/unet.ts";
import { tf } from "../tensors/tf.ts";
import type { Learner } from "./learner.ts";

/** One model's forward pass on the batch. */
export interface View {
  learner: Learner;
  /** The batch comes from a dataset that this model is trained for; else it looks at a peer's. */
  own: boolean;
  /** [batch, depth, height, width, class] */
  logits: Tensor5D;
  /** [batch, depth, height, width, feature] of the last decoder level. */
  features: Tensor5D;
}

/** One named part of a model's loss on a batch. */
export interface LossTerm {
  learner: Learner;
  /** As it is called in history.csv. */
  name: string;
  value: Scalar;
  /** Its factor in the sum; ramp-ups and the mean over peers are in here. */
  weight: number;
}

/** A batch and its labels where TensorFlow can look things up by them. */
export interface LabelledBatch extends PatchBatch {
  map: LabelMap;
}

/** The loss terms of all views of a batch at a step. */
export type BatchLoss = (batch: LabelledBatch, views: readonly View[], step: number) => LossTerm[];

export interface BatchGradients {
  /** By variable name; the caller disposes them. */
  gradients: NamedTensorMap;
  /** Unweighted values of the terms, in the order of the loss. */
  terms: { learner: Learner; name: string; value: number }[];
}

export interface Visitor {
  learner: Learner;
  own: boolean;
}

export interface BatchGradientsOptions {
  loss: BatchLoss;
  step: number;
}

/**
 * The networks go forward and back by passes of their own; tfjs's tape sees the losses alone, from logits and features on.
 *
 * @throws Error naming the term and model when a loss is not finite
 */
export function batchGradients(
  batch: PatchBatch,
  visitors: readonly Visitor[],
  options: BatchGradientsOptions,
): BatchGradients {
  const shape = [batch.batch, ...batch.patch] as const;
  const images = tf.tensor5d(batch.images, [...shape, 1]);
  const map = createLabelMap(batch.labels, shape);
  const passes: TrainingPass[] = [];
  const gradients: NamedTensorMap = {};
  try {
    for (const { learner } of visitors) passes.push(learner.model.pass(images));
    const views = visitors.map((visitor, i): View => ({ ...visitor, ...passes[i] }));
    const { slopes, terms } = lossGradients({ ...batch, map }, views, options);
    views.forEach((_, i) => {
      const [logits, features] = slopes.slice(2 * i, 2 * i + 2);
      if (logits || features) Object.assign(gradients, passes[i].backward({ logits, features }));
      tf.dispose([logits, features].filter((slope) => slope));
      // The other passes' memory is needed; this one's no longer.
      passes[i].dispose();
    });
    return { gradients, terms };
  } finally {
    for (const pass of passes) pass.dispose();
    tf.dispose([images, map.hot]);
  }
}

/**
 * Values of the loss terms, and gradients of their weighted sum by each view's logits and features, two a view; undefined
 * where nothing depends on them.
 */
function lossGradients(batch: LabelledBatch, views: readonly View[], { loss, step }: BatchGradientsOptions) {
  const named: Omit<LossTerm, "value" | "weight">[] = [];
  let values!: number[];
  const inputs = views.flatMap(({ logits, features }) => [logits, features]);
  const { value, grads } = tf.engine().gradients(
    () => {
      const terms = loss(batch, views, step);
      named.push(...terms.map(({ learner, name }) => ({ learner, name })));
      values = terms.map((term) => term.value.dataSync()[0]);
      return tf.addN(terms.map((term) => tf.mul(term.value, term.weight)));
    },
    inputs,
    undefined,
    true,
  );
  value.dispose();
  const slopes = grads as (Tensor | undefined)[];
  const terms = named.map(({ learner, name }, i) => ({ learner, name, value: values[i] }));
  const broken = terms.find((term) => !Number.isFinite(term.value));
  if (broken) {
    tf.dispose(slopes.filter((slope) => slope) as Tensor[]);
    throw new Error(
      `Cannot train model ${broken.learner.name}: its losses must be finite, ${broken.name} is ` +
        `${broken.value} at step ${step + 1} (cases ${batch.cases.join(", ")})`,
    );
  }
  return { slopes, terms };
}

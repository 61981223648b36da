/**
 * What the models that look at one dataset's batch learn from it.
 *
 * Every visiting model makes one forward pass on the batch, inside one gradient tape, and every loss term is
 * made of these passes. So a term that compares models costs no pass of its own, and memory holds the passes of
 * one batch, not those of all datasets.
 *
 * @module
 */
import type { NamedTensorMap, Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { PatchBatch } from "../data/patches/patch_batch.ts";
import { createLabelMap, type LabelMap } from "../losses/label_map.ts";
import { tf } from "../runtime/tf.ts";
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

/**
 * @throws Error naming the term and model when a loss is not finite
 */
export function batchGradients(
  batch: PatchBatch,
  visitors: readonly Visitor[],
  options: { loss: BatchLoss; step: number },
): BatchGradients {
  const named: Omit<LossTerm, "value" | "weight">[] = [];
  let values!: number[];
  const images = tf.tensor5d(batch.images, [batch.batch, ...batch.patch, 1]);
  // Made outside of the tape: the backward pass reads it too.
  const map = createLabelMap(batch.labels, [batch.batch, ...batch.patch]);
  const variables = visitors.flatMap(({ learner }) => learner.variables);
  const { value, grads } = tf.variableGrads(() => {
    const views = visitors.map(({ learner, own }): View => {
      const [logits, features] = learner.model.apply(images, { training: true }) as Tensor5D[];
      return { learner, own, logits, features };
    });
    const terms = options.loss({ ...batch, map }, views, options.step);
    named.push(...terms.map(({ learner, name }) => ({ learner, name })));
    values = terms.map((term) => term.value.dataSync()[0]);
    return tf.addN(terms.map((term) => tf.mul(term.value, term.weight))) as Scalar;
  }, variables);
  tf.dispose([images, map.rows, value]);
  const terms = named.map(({ learner, name }, i) => ({ learner, name, value: values[i] }));
  const broken = terms.find((term) => !Number.isFinite(term.value));
  if (broken) {
    tf.dispose(grads);
    throw new Error(
      `Cannot train model ${broken.learner.name}: its losses must be finite, ${broken.name} is ` +
        `${broken.value} at step ${options.step + 1} (cases ${batch.cases.join(", ")})`,
    );
  }
  return { gradients: grads, terms };
}

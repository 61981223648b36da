/**
 * From networks to votes for classes: one model, the mean of several, or partial-organ models merged.
 *
 * @module
 */
import type { Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { LabelSet } from "../data/label_set.ts";
import {
  bestOf,
  type Inference,
  type OrgansOfModel,
  ownersOf,
  requireAllOrgans,
  requireOwners,
} from "../models/inference_rule.ts";
import type { Unet } from "../models/unet.ts";
import { tf } from "../tensors/tf.ts";

/** Turns one window into probabilities of organs and, in channel 0, what decides against them: see Readout's `votes`. */
export interface Predictor {
  /** Background and the study's organs: 1 + K. */
  classes: number;
  /** [1, depth, height, width, 1] → [1, depth, height, width, class]; the caller disposes the result. */
  predict(window: Tensor5D): Tensor5D;
}

/** A network and the organs of its channels 1, 2, …; channel 0 is background. */
export interface OrganModel extends OrgansOfModel {
  name: string;
  model: Unet;
}

export interface PredictorOptions {
  /** Organs that are not decided for, as if they were no classes. @default none */
  without?: LabelSet | undefined;
}

/**
 * The mean of the votes of models that all know every organ and have one kind of head: METHOD section 1, inference.
 *
 * @throws Error without any model
 */
export function averagePredictor(
  models: readonly OrganModel[],
  { without = [] }: PredictorOptions = {},
): Predictor {
  const [first] = models;
  if (!first) throw new Error("Cannot predict: there must be at least one model, current number is 0");
  const silent = without.length === 0
    ? undefined
    : [false, ...first.organs.map((organ) => without.includes(organ))];
  return {
    classes: first.organs.length + 1,
    predict: (window) =>
      tf.tidy(() =>
        meanOf(models.map(({ model }) => model.head.readout.votes(model.predict(window).logits, silent)))
      ),
  };
}

/**
 * Partial-organ models merged: q of an organ is the mean over its {@linkcode ownersOf}, and the background's
 * channel is 1 - max q, so that the argmax is the organ of the largest q where that exceeds one half.
 *
 * @param organCount K, the number of organs of the study
 * @throws Error when no model owns some organ
 */
export function mergedPredictor(
  models: readonly OrganModel[],
  organCount: number,
  { without = [] }: PredictorOptions = {},
): Predictor {
  requireOwners(models, organCount);
  const owners = Array.from(
    { length: organCount },
    (_, i) =>
      ownersOf(models, i + 1).map((owner) => ({
        index: models.indexOf(owner),
        channel: owner.organs.indexOf(i + 1) + 1,
      })),
  );
  return {
    classes: organCount + 1,
    predict: (window) =>
      tf.tidy(() => {
        const channels = models.map(({ model }) =>
          tf.unstack(model.head.readout.probabilities(model.predict(window).logits), 4)
        );
        const q = owners.map((organ) =>
          meanOf(organ.map(({ index, channel }) => channels[index]![channel]!))
        );
        const heard = q.map((_, i) => Number(!without.includes(i + 1)));
        const foreground = without.length === 0 ? tf.stack(q, 4) : tf.mul(tf.stack(q, 4), heard);
        return tf.concat([tf.sub(1, tf.max(foreground, 4, true)), foreground], 4) as Tensor5D;
      }),
  };
}

/** Of tensors of one shape, at least one; of one alone, itself. */
function meanOf<T extends Tensor>(tensors: T[]): T {
  return tensors.length === 1 ? tensors[0]! : tf.div(tf.addN(tensors), tensors.length) as T;
}

/**
 * The predictor of trained models by a rule of inference: `best` is the one model that is best on validation
 * (the first of equals), `mean` the mean of all, `merged` partial-organ models merged.
 *
 * @throws Error without any model, when no model of `merged` owns some organ, or when another rule would take a channel for an organ
 *   that it is not of
 */
export function predictorOf(
  models: readonly (OrganModel & { validationDice: number })[],
  options: PredictorOptions & { inference: Inference; organCount: number },
): Predictor {
  if (options.inference === "merged") return mergedPredictor(models, options.organCount, options);
  requireAllOrgans(models, options);
  const best = bestOf(models);
  return averagePredictor(options.inference === "mean" || !best ? models : [best], options);
}

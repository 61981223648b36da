/**
 * From networks to votes for classes: one model, the mean of several, or partial-organ models merged.
 *
 * @module
 */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { LabelSet, OrganNumber } from "../data/label_set.ts";
import type { Inference } from "../models/inference_rule.ts";
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
export interface OrganModel {
  name: string;
  model: Unet;
  organs: LabelSet;
  /** Organs that it has seen in coarser labels alone: it cannot tell them from the others of their group. @default none */
  joint?: LabelSet | undefined;
}

/**
 * The models to be asked for an organ: those that own it and tell it from the others of its group; where none does, all that own
 * it.
 */
export function ownersOf<M extends Pick<OrganModel, "organs" | "joint">>(
  models: readonly M[],
  organ: OrganNumber,
): M[] {
  const owners = models.filter(({ organs }) => organs.includes(organ));
  const apart = owners.filter(({ joint = [] }) => !joint.includes(organ));
  return apart.length > 0 ? apart : owners;
}

/** The mean of the votes of models that all know every organ and have one kind of head: METHOD section 1, inference. */
export function averagePredictor(models: readonly OrganModel[]): Predictor {
  const classes = models[0].organs.length + 1;
  return {
    classes,
    predict: (window) =>
      tf.tidy(() => {
        const all = models.map(({ model }) => model.head.readout.votes(model.predict(window).logits));
        return all.length === 1 ? all[0] : tf.div(tf.addN(all), all.length) as Tensor5D;
      }),
  };
}

/**
 * Partial-organ models merged: q of an organ is the mean over its {@linkcode ownersOf}, and the background's
 * channel is 1 - max q, so that the argmax is the organ of the largest q where that exceeds one half.
 *
 * @param organCount K, the number of organs of the study
 * @throws Error when no model owns some organ
 */
export function mergedPredictor(models: readonly OrganModel[], organCount: number): Predictor {
  const owners = Array.from(
    { length: organCount },
    (_, i) =>
      ownersOf(models, i + 1).map((owner) => ({
        index: models.indexOf(owner),
        channel: owner.organs.indexOf(i + 1) + 1,
      })),
  );
  const orphan = owners.findIndex((o) => o.length === 0);
  if (orphan >= 0) {
    throw new Error(`Cannot merge models: every organ needs an owner, organ ${orphan + 1} has none`);
  }
  return {
    classes: organCount + 1,
    predict: (window) =>
      tf.tidy(() => {
        const channels = models.map(({ model }) =>
          tf.unstack(model.head.readout.probabilities(model.predict(window).logits), 4)
        );
        const q = owners.map((organ) => {
          const own = organ.map(({ index, channel }) => channels[index][channel]);
          return own.length === 1 ? own[0] : tf.div(tf.addN(own), own.length);
        });
        const foreground = tf.stack(q, 4);
        return tf.concat([tf.sub(1, tf.max(foreground, 4, true)), foreground], 4) as Tensor5D;
      }),
  };
}

/**
 * The predictor of trained models by a rule of inference: `best` is the one model that is best on validation
 * (the first of equals), `mean` the mean of all, `merged` partial-organ models merged.
 */
export function predictorOf(
  models: readonly (OrganModel & { validationDice: number })[],
  options: { inference: Inference; organCount: number },
): Predictor {
  if (options.inference === "merged") return mergedPredictor(models, options.organCount);
  if (options.inference === "mean") return averagePredictor(models);
  return averagePredictor([models.reduce((best, m) => m.validationDice > best.validationDice ? m : best)]);
}

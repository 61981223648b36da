/**
 * What methods with one full-organ network have in common.
 *
 * @module
 */
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { LabelSet } from "../../data/label_set.ts";
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import type { StoredCase } from "../../data/store/stored_case.ts";
import type { HeadPlan } from "../../models/heads/head_plan.ts";
import { type LabelledBatch, round, type StreamPlan, type TrainingPlan } from "../../training/plan.ts";
import { streamOfEachDataset } from "./streams.ts";

/** All organs of a study. */
export function organsOf({ organs }: PreparedStudy): LabelSet {
  return organs.map(({ number }) => number);
}

/** Validation cases of all datasets. */
export function validationOf({ datasets }: PreparedStudy): StoredCase[] {
  return datasets.flatMap(({ validation }) => validation);
}

/** Steps of both stages together, where no stage 1 went before: arms have equal optimiser steps. */
export function stepsOfBothStages({ training }: PreparedStudy): number {
  return training.partialOrganSteps + training.fullOrganSteps;
}

/** @param logits [batch, depth, height, width, channel] */
export type OwnLoss = (logits: Tensor5D, batch: LabelledBatch) => Scalar;

export interface OneNetworkOptions {
  /** Of the network, as in history.csv. */
  name: string;
  /** Imports what it needs: it is asked when training begins. */
  loss: () => Promise<OwnLoss>;
  /** Named like the datasets. @default their training cases */
  streams?: Readonly<Record<string, StreamPlan>>;
  /** @default softmax */
  head?: HeadPlan | undefined;
}

/**
 * A network with all organs that sees a batch of every dataset in each step, so as many patches as each model of stage 2
 * does. Its loss is the mean over datasets.
 */
export function oneNetworkPlan(
  study: PreparedStudy,
  { name, loss, streams = streamOfEachDataset(study), head }: OneNetworkOptions,
): TrainingPlan {
  const weight = 1 / study.datasets.length;
  return {
    networks: {
      [name]: { organs: organsOf(study), validation: validationOf(study), ...head ? { head } : {} },
    },
    streams,
    async objective() {
      const own = await loss();
      return {
        rounds: () =>
          study.datasets.map(({ name: dataset }) =>
            round({
              draws: [dataset],
              looks: ([{ tensor }]) => ({ look: { network: name, images: tensor } }),
              terms: ({ look: { logits } }, [batch]) => [
                { network: name, name: "own", value: own(logits, batch), weight },
              ],
            })
          ),
      };
    },
  };
}

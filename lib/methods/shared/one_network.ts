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
import {
  type BatchLabels,
  type NetworkPlan,
  round,
  type StreamPlan,
  type TrainingPlan,
} from "../../training/plan.ts";
import { looksAt, streamOfEachDataset } from "./streams.ts";

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

/** @param logits [batch, depth, height, width, channel], on the grid of the labels */
export type OwnLoss = (logits: Tensor5D, labels: BatchLabels) => Scalar;

export interface OneNetworkOptions {
  /** Of the network, as in history.csv. */
  name: string;
  /** By labels, at each level that has a head. Imports what it needs: it is asked when training begins. */
  loss: () => Promise<OwnLoss>;
  /** Named like the datasets. @default their training cases */
  streams?: Readonly<Record<string, StreamPlan>>;
  /** @default softmax */
  head?: HeadPlan | undefined;
  /** So many of it, each by a seed of its own, on the same batches; those after the first have their number behind the name. @default 1 */
  members?: number;
  /** Where member k, from 0, starts. @default drawn from its seed */
  start?: (k: number) => Pick<NetworkPlan, "from">;
}

/**
 * A network with all organs that sees a batch of every dataset in each step, so as many patches as each model of stage 2
 * does. Its loss is the mean over datasets.
 */
export function oneNetworkPlan(
  study: PreparedStudy,
  { name, loss, streams = streamOfEachDataset(study), head, members = 1, start }: OneNetworkOptions,
): TrainingPlan {
  const weight = 1 / study.datasets.length;
  const names = Array.from({ length: members }, (_, k) => k === 0 ? name : `${name}_${k + 1}`);
  const network = { organs: organsOf(study), validation: validationOf(study), ...head && { head } };
  return {
    networks: Object.fromEntries(
      names.map((member, k) => [member, { ...network, ...k > 0 && { seed: k }, ...start?.(k) }]),
    ),
    streams,
    looksPerStep: members * Object.keys(streams).length,
    async objective() {
      const [own, { acrossLevels }] = await Promise.all([loss(), import("../../training/losses.ts")]);
      return {
        rounds: () =>
          study.datasets.map(({ name: dataset }) =>
            round({
              draws: [dataset],
              looks: ([batch]) => looksAt(batch, names),
              terms: (views, [batch]) =>
                Object.values(views).map((view) => ({
                  network: view.network,
                  name: "own",
                  value: acrossLevels(view, batch, own),
                  weight,
                })),
            })
          ),
      };
    },
  };
}

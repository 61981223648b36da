/**
 * One full-organ network on all datasets at once: the arms `single_marginal`, `pooled` and `oracle`.
 *
 * @module
 */
import type { PreparedStudy } from "../data/store/prepared_study.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import { supervision } from "../losses/supervision.ts";
import { targetsOf } from "../training/batch_targets.ts";
import type { Recorder } from "../training/recorder.ts";
import { type TrainedModel, type TrainingSettings, trainTeam } from "../training/team.ts";

export interface PooledOptions extends Omit<TrainingSettings, "steps"> {
  /**
   * Optimiser steps. @default with completed labels the cohort's of stage 2; without, where no stage 1 went before, those
   * of both stages together: arms have equal optimiser steps
   */
  steps?: number;
  /** Training cases with completed labels, by dataset. @default the study's, with their true labels only */
  completed?: readonly (readonly StoredCase[])[];
  /** Weight of voxels with a pseudo label. @default 1 */
  pseudoWeight?: number;
}

/**
 * Trains one network on a batch of every dataset in each step, so that it sees as many patches as each model of
 * stage 2 does. The loss is the mean over datasets. The caller disposes the model.
 */
export async function trainPooledModel(
  study: PreparedStudy,
  recorder: Recorder,
  { completed, pseudoWeight = 1, ...settings }: PooledOptions = {},
): Promise<TrainedModel> {
  const { datasets, organs, training: { partialOrganSteps, fullOrganSteps } } = study;
  const { models: [model] } = await trainTeam(study, recorder, {
    ...settings,
    stage: "pooled",
    members: [{
      name: "pooled",
      organs: organs.map(({ number }) => number),
      own: datasets.map((_, i) => i),
      seed: settings.seed ?? 1,
      validation: datasets.flatMap(({ validation }) => validation),
    }],
    cases: completed ?? datasets.map(({ training }) => training),
    defaultSteps: completed ? fullOrganSteps : partialOrganSteps + fullOrganSteps,
    visitPeers: false,
    identity: { pseudoWeight },
    loss: () => ({
      loss: (batch, views) =>
        views.map(({ learner, logits }) => ({
          learner,
          name: "own",
          value: supervision(
            logits,
            targetsOf(batch, { channels: learner.organs, pseudo: true, pseudoWeight }),
          ),
          weight: 1 / datasets.length,
        })),
    }),
  });
  return model;
}

/**
 * Training of a method's stage.
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import type { Recorder } from "../../training/recorder.ts";
import { type TrainedStage, type TrainingSettings, trainPlan } from "../../training/train.ts";
import type { MethodStage } from "./method.ts";
import { planStage, requireTrainable, type StageGiven } from "./plan_stage.ts";

export type TrainMethodStageOptions = StageGiven & Pick<TrainingSettings, "workers" | "checkpointSeconds">;

/** Trains a stage, or goes on with it, or restores what it gave. The caller disposes the models. @throws Error with what the study lacks */
export async function trainMethodStage(
  study: PreparedStudy,
  recorder: Recorder,
  { stage, fixed, values, inputs, ...rest }: MethodStage & TrainMethodStageOptions,
): Promise<TrainedStage> {
  requireTrainable(study, [{ stage, fixed }], { values, action: `train ${stage.name}` });
  const { plan, used, settings } = planStage(study, { stage, fixed }, { values, inputs });
  return await trainPlan(study, recorder, {
    ...rest,
    ...settings,
    plan,
    stage: stage.name,
    identity: { ...used, version: stage.version },
  });
}

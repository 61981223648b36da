/**
 * Training of a method's stage.
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import type { Recorder } from "../../training/recorder.ts";
import {
  type TrainedModel,
  type TrainedStage,
  type TrainingSettings,
  trainPlan,
} from "../../training/train.ts";
import type { Json } from "../../training/plan.ts";
import { contentHash } from "../../files/content_hash.ts";
import { weightsHash } from "../../models/weights.ts";
import type { MethodStage } from "./method.ts";
import { planStage, requireTrainable, type StageGiven, type Values } from "./plan_stage.ts";

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
    identity: {
      ...identityOf(stage.name, used),
      version: stage.version,
      ...await modelsAmong(inputs),
      ...await othersAmong(inputs),
    },
  });
}

function identityOf(stage: string, used: Values): Values {
  const taken = ["version", "models", "others"].filter((name) => name in used);
  if (taken.length === 0) return used;
  throw new Error(`Cannot train ${stage}: parameters must have other names than ${taken.join(", ")}`);
}

/**
 * What the plan cannot say for itself: an objective may ask models of earlier stages for anything. Cases reach the identity by
 * streams and validation, which are all that can be made of them.
 */
async function modelsAmong(inputs: unknown): Promise<{ models?: Json }> {
  const models = Object.values(inputs ?? {}).flat(Infinity).filter(isModel);
  if (models.length === 0) return {};
  return {
    models: await Promise.all(models.map(async ({ name, organs, joint = [], model, validationDice }) => ({
      name,
      organs,
      joint,
      head: await contentHash(model.head.plan),
      weights: await weightsHash(model),
      validationDice: String(validationDice),
    }))),
  };
}

/** What earlier stages remember is in no plan either: it is known by its content. */
async function othersAmong(inputs: unknown): Promise<{ others?: Json }> {
  const others = Object.values(inputs ?? {}).flat(Infinity).filter((thing) =>
    !isModel(thing) && !isCase(thing)
  );
  return others.length === 0 ? {} : { others: await contentHash(others) };
}

function isCase(thing: unknown): boolean {
  return typeof thing === "object" && thing !== null && "labelSet" in thing && "image" in thing;
}

function isModel(thing: unknown): thing is TrainedModel {
  return typeof thing === "object" && thing !== null && "model" in thing && "organs" in thing;
}

/**
 * A method's stage with the values of a run: only those that it says it uses reach its plan, and they are its identity.
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import type { TrainingPlan } from "../../training/plan.ts";
import type { MethodStage } from "./method.ts";
import type { ParameterValue } from "./parameter.ts";

export type Values = Readonly<Record<string, ParameterValue>>;

export interface StageGiven<I = unknown> {
  /** The run's parameters; those that are missing have their defaults. */
  values: Values;
  /** What earlier stages made. @default nothing */
  inputs?: I | undefined;
}

/** The stage's plan and everything else that is made from the values. */
export interface PlannedStage {
  plan: TrainingPlan;
  /** The values that have an effect, of those that the stage uses. */
  used: Values;
  settings: { seed: number; steps: number; learningRate: number; rampUp: number };
}

/** Makes a stage's plan; nothing is trained, and TensorFlow is not loaded. */
export function planStage(
  study: PreparedStudy,
  { stage, fixed }: MethodStage,
  { values, inputs }: StageGiven,
): PlannedStage {
  const all: Record<string, ParameterValue> = {};
  for (const [name, { default: value }] of Object.entries<{ default: ParameterValue }>(stage.parameters)) {
    all[name] = fixed?.[name] ?? values[name] ?? value;
  }
  const uses: readonly string[] = stage.uses;
  const hasEffect = (name: string) => (stage.when?.[name] ?? stage.parameters[name].when)?.(all) ?? true;
  // A value without effect is the default, so that arms that differ in it alone share the stage.
  const effective = (name: string) => hasEffect(name) ? all[name] : stage.parameters[name].default;
  return {
    plan: stage.plan(study, Object.fromEntries(uses.map((name) => [name, effective(name)])), inputs),
    used: Object.fromEntries(uses.filter(hasEffect).map((name) => [name, all[name]])),
    settings: {
      seed: Number(all.seed ?? 1),
      steps: Number(all[stage.steps]) || stage.cohortSteps(study, inputs),
      learningRate: Number(all.learningRate ?? 0),
      rampUp: Number(uses.includes("rampUp") ? effective("rampUp") : 0),
    },
  };
}

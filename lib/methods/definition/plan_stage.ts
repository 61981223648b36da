/**
 * A method's stage with the values of a run: only those that it says it uses reach its plan, and they are its identity.
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import type { TrainingPlan } from "../../training/plan.ts";
import type { MethodStage } from "./method.ts";
import type { Parameter, ParameterValue } from "./parameter.ts";

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
  const { all, seen, used } = valuesOf({ stage, fixed }, values);
  return {
    plan: stage.plan(study, seen, inputs),
    used,
    settings: {
      seed: Number(all.seed),
      steps: Number(all[stage.steps]) || stage.cohortSteps(study, inputs),
      learningRate: Number(all.learningRate),
      rampUp: Number(seen.rampUp ?? 0),
    },
  };
}

/** @throws Error with what the study lacks for any of the stages, before anything is trained */
export function requireTrainable(
  study: PreparedStudy,
  stages: readonly MethodStage[],
  { values, action }: { values: Values; action: string },
): void {
  const problems = stages.flatMap((stage) => stage.stage.lacks?.(study, valuesOf(stage, values).seen) ?? []);
  if (problems.length > 0) throw new Error(`Cannot ${action}: ${problems.join("; ")}`);
}

interface StageValues {
  /** Of all parameters of the stage's method. */
  all: Values;
  /** As the plan sees them: a value without effect is the default, so that arms that differ in it alone share the stage. */
  seen: Values;
  /** Those that have an effect. */
  used: Values;
}

function valuesOf({ stage, fixed }: MethodStage, values: Values): StageValues {
  const all = Object.fromEntries(
    Object.entries<Parameter>(stage.parameters).map((
      [name, { default: usual }],
    ) => [name, fixed?.[name] ?? values[name] ?? usual]),
  );
  const parameters = stage.uses.map((name) => {
    const parameter: Parameter = stage.parameters[name];
    const value = all[name]!, when = stage.when?.[name] ?? parameter.when;
    return { name, value, usual: parameter.default, acts: when?.(all) ?? true };
  });
  return {
    all,
    seen: Object.fromEntries(parameters.map(({ name, value, usual, acts }) => [name, acts ? value : usual])),
    used: Object.fromEntries(parameters.filter(({ acts }) => acts).map(({ name, value }) => [name, value])),
  };
}

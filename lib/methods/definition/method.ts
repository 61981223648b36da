/**
 * A method as a value: its parameters, its stages of training, its arms. Notebooks, checks, the cache of stages, tables and tests
 * follow from it.
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import type { Inference } from "../../models/inference_rule.ts";
import type { TrainingPlan } from "../../training/plan.ts";
import type { ParameterTable, ParameterValue, TrainingTable, ValuesOf, When } from "./parameter.ts";

/** A stage of training: what it is made from, and how. */
// deno-lint-ignore no-explicit-any
export interface Stage<T extends ParameterTable = any, U extends keyof T & string = any, I = any> {
  /** As in history.csv. */
  readonly name: string;
  /** Raised by hand when its numbers change; those of the engine have a version of their own. */
  readonly version: number;
  /** Parameters that it may use. */
  readonly parameters: T;
  /**
   * Those that reach the plan: no other can, so none can be missing from the stage's identity. `seed`, `learningRate` and the
   * one of the steps always count. `rampUp` among them is the share of the steps over which `ramp` grows; without it, `ramp` is 1
   * from the first step on.
   */
  readonly uses: readonly U[];
  /** When parameters have an effect in this stage, where that is not what the table says. */
  readonly when?: Readonly<Partial<Record<U, When>>>;
  /** Names of what earlier cells must have made, such as `completed`: lists. @default none */
  readonly inputs?: readonly (keyof I & string)[];
  /** The parameter of its optimiser steps; 0 is the cohort's. */
  readonly steps: keyof T & string;
  /** The cohort's optimiser steps. */
  cohortSteps(study: PreparedStudy, inputs: I): number;
  /** What the study lacks to be trained on with these values, as a sentence's end; asked before anything starts. @default nothing */
  lacks?(study: PreparedStudy, values: Pick<ValuesOf<T>, U>): string | undefined;
  /** @param inputs what earlier cells made, such as completed cases; cases reach the identity by the plan, all else by its content */
  plan(study: PreparedStudy, values: Pick<ValuesOf<T>, U>, inputs: I): TrainingPlan;
}

/** Names of inputs that are the training cases of each dataset with other labels; whatever else a stage wants are models, or what stages remember. */
export const caseInputs: readonly string[] = ["completed", "scribbled", "validation"];

/** Makes a stage; values in `plan` have the types of the table, and only those of `uses` are there. */
export function defineStage<T extends TrainingTable, const U extends keyof T & string, I = void>(
  parameters: T,
  stage: Omit<Stage<T, U, I>, "parameters">,
): Stage<T, U, I> {
  return { parameters, ...stage };
}

/** A stage as one method has it. */
export interface MethodStage {
  readonly stage: Stage;
  /** Values of parameters that the method does not have. @default none */
  readonly fixed?: Readonly<Record<string, ParameterValue>> | undefined;
  /** Whether its notebook comes to it, with values of parameters. @default always */
  readonly when?: When;
}

/** A method with other values of parameters: an ablation, a bound. */
export interface MethodArm<T extends ParameterTable = ParameterTable> {
  /** What it is, as the title of its notebook. */
  readonly title: string;
  /** What it is, as a line. */
  readonly says: string;
  /** What it is, in a paragraph. */
  readonly about: string;
  /** Whether it has a notebook of its own, besides its method's. @default false */
  readonly notebook?: boolean;
  readonly set: Partial<ValuesOf<T>>;
}

export interface Method<T extends ParameterTable = ParameterTable> {
  /** As its notebook and its folder of results are called. */
  readonly name: string;
  /**
   * Raised by hand when its numbers change by something else than a stage, such as values that it fixes; stages have versions of
   * their own, and {@linkcode methodVersion} counts both.
   */
  readonly version: number;
  readonly title: string;
  /** What it is, as a line. */
  readonly says: string;
  /** What it is, in a paragraph. */
  readonly about: string;
  /** Paper, and section of docs/METHOD.md. */
  readonly source: string;
  readonly parameters: T;
  /** What is odd about the study with these values and yet no error, as a sentence; told before anything starts. @default nothing */
  odd?(study: Pick<PreparedStudy, "name" | "datasets">, values: ValuesOf<T>): string | undefined;
  /** By the name under which notebooks train them, in their order. */
  readonly stages: Readonly<Record<string, MethodStage>>;
  /** How test cases are predicted where that is no parameter. @default "best" */
  readonly inference?: Inference;
  /** By name, as their notebooks and folders of results are called. @default none */
  readonly arms?: Readonly<Record<string, MethodArm<T>>>;
}

/** Makes a method, whose parameters and stages are known by name. */
export function defineMethod<const T extends ParameterTable, S extends Method["stages"]>(
  method: Method<T> & { readonly stages: S },
): Method<T> & { readonly stages: S } {
  return method;
}

/**
 * A method's version in the identity of runs. It rises when the method's own version does or that of one of its stages, also of one
 * that it has from another method: a raised stage cannot leave old runs standing.
 */
export function methodVersion({ version, stages }: Pick<Method, "version" | "stages">): number {
  return Object.values(stages).reduce((sum, { stage }) => sum + stage.version - 1, version);
}

/**
 * The project's experiments: every method, and every arm of one, by the name of its notebook and of its folder of results. All
 * of it follows from the registry.
 *
 * @module
 */
import { type Method, type MethodArm, methodVersion } from "./definition/method.ts";
import type { Parameter, ParameterValue } from "./definition/parameter.ts";
import { methods } from "./registry.ts";

export interface Experiment {
  method: Method;
  /** @default it is the method itself */
  arm?: MethodArm;
  title: string;
  /** What it is, as a line. */
  says: string;
  /** What it is, in a paragraph. */
  about: string;
  /** Whether it has a notebook of its own. */
  notebook: boolean;
}

/** In the order of tables and figures: a method, then its arms. */
export const experiments: Readonly<Record<string, Experiment>> = Object.fromEntries(
  methods.flatMap((method): [string, Experiment][] => [
    [method.name, {
      method,
      title: method.title,
      says: method.says,
      about: method.about,
      notebook: true,
    }],
    ...Object.entries(method.arms ?? {}).map(([name, arm]): [string, Experiment] => [
      name,
      {
        method,
        arm,
        title: arm.title,
        says: arm.says,
        about: arm.about,
        notebook: arm.notebook ?? false,
      },
    ]),
  ]),
);

/** A parameter as one experiment has it. */
export interface ExperimentParameter extends Pick<Parameter, "rule" | "meaning" | "when"> {
  name: string;
  /** The experiment's default. */
  value: ParameterValue;
}

/** @returns undefined when it is none of the project's */
export function findExperiment(name: string): Experiment | undefined {
  return Object.hasOwn(experiments, name) ? experiments[name] : undefined;
}

/**
 * An experiment's parameters with their defaults, rules and meanings, in the order of its notebook's cell; undefined when
 * it is none of the project's.
 */
export function experimentParameters(name: string): ExperimentParameter[] | undefined {
  const experiment = findExperiment(name);
  if (!experiment) return undefined;
  const set = experiment.arm?.set ?? {};
  return Object.entries<Parameter>(experiment.method.parameters).map(([name, parameter]) => ({
    name,
    value: set[name] ?? parameter.default,
    rule: parameter.rule,
    meaning: parameter.meaning,
    ...parameter.when ? { when: parameter.when } : {},
  }));
}

/** Values of all parameters that the experiment has: as given, else its defaults. */
export function experimentValues(
  name: string,
  given: Readonly<Record<string, ParameterValue>>,
): Record<string, ParameterValue> {
  const known = experimentParameters(name) ?? [];
  return Object.fromEntries(known.map(({ name, value }) => [name, given[name] ?? value]));
}

/** Of the experiment's method, as runs record it; 1 of what is none of the project's. */
export function versionOfExperiment(name: string): number {
  const experiment = findExperiment(name);
  return experiment ? methodVersion(experiment.method) : 1;
}

/**
 * The check of parameters before anything starts: a misspelt word must not end, or silently change, a run of hours.
 *
 * @module
 */
import { experimentParameters } from "../experiments.ts";
import type { ParameterValue } from "./parameter.ts";
import { faultOf } from "./rules.ts";

/**
 * Checks the parameters that the experiment's method knows; others, and those of an experiment that is none of the project's,
 * are their notebook's own affair.
 *
 * @throws Error naming all that are wrong
 */
export function checkParameters(experiment: string, given: Readonly<Record<string, ParameterValue>>): void {
  const known = new Map(experimentParameters(experiment)?.map((parameter) => [parameter.name, parameter]));
  const problems = Object.entries(given).flatMap(([name, value]) => {
    const parameter = known.get(name);
    const fault = parameter && faultOf(value, parameter.rule);
    return fault ? [`${name} ${fault}`] : [];
  });
  if (problems.length > 0) throw new Error(`Cannot set parameters: ${problems.join("; ")}`);
}

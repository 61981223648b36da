/**
 * The check of parameters before anything starts: a misspelt word must not end, or silently change, a run of hours.
 *
 * @module
 */
import { type MethodParameter, parameters, type ParameterValue } from "./parameters.ts";
import { faultOf } from "./rules.ts";

const known = new Map<string, MethodParameter>(Object.entries(parameters));

/**
 * Checks the parameters that the method knows; an experiment's own ones are its own affair.
 *
 * @throws Error naming all that are wrong
 */
export function checkParameters(given: Readonly<Record<string, ParameterValue>>): void {
  const problems = Object.entries(given).flatMap(([name, value]) => {
    const parameter = known.get(name);
    const fault = parameter && faultOf(value, parameter.rule);
    return fault ? [`${name} ${fault}`] : [];
  });
  if (problems.length > 0) throw new Error(`Cannot set parameters: ${problems.join("; ")}`);
}

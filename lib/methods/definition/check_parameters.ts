/**
 * The check of parameters before anything starts: a misspelt word must not end, or silently change, a run of hours.
 *
 * @module
 */
import { experimentParameters, experimentValues } from "../experiments.ts";
import type { ParameterValue } from "./parameter.ts";
import { faultOf } from "./rules.ts";

/**
 * Checks the parameters that the experiment's method knows; others, and those of an experiment that is none of the project's,
 * are their notebook's own affair.
 *
 * @throws Error naming all that are wrong, or set and without effect
 */
export function checkParameters(experiment: string, given: Readonly<Record<string, ParameterValue>>): void {
  const known = new Map(experimentParameters(experiment)?.map((parameter) => [parameter.name, parameter]));
  const problems = Object.entries(given).flatMap(([name, value]) => {
    const parameter = known.get(name);
    const fault = parameter && faultOf(value, parameter.rule);
    return fault ? [`${name} ${fault}`] : [];
  });
  problems.push(...withoutEffect(experiment, given));
  if (problems.length > 0) throw new Error(`Cannot set parameters: ${problems.join("; ")}`);
}

/** What was set and changes no number, so that the run would be another one's twin under a name of its own. */
function withoutEffect(experiment: string, given: Readonly<Record<string, ParameterValue>>): string[] {
  const values = experimentValues(experiment, given);
  return (experimentParameters(experiment) ?? []).flatMap(({ name, value, when }) =>
    when && values[name] !== value && !when(values)
      ? [`${name} acts only where ${when.words}; leave it at ${value}, current value is ${values[name]}`]
      : []
  );
}

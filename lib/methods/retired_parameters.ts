/**
 * What the defaults of finished runs were, where methods have others today: an arm's name says what differs from the defaults of
 * its time.
 *
 * @module
 */
import type { ParameterValue } from "./definition/parameter.ts";

interface Default {
  name: string;
  value: ParameterValue;
}

/** Of parameters that no method, or another one, has today. */
export const retiredParameters: readonly Default[] = [
  { name: "outlierFilter", value: 0.05 },
  { name: "teacherDecay", value: 0.99 },
  { name: "teacherMargin", value: 0.02 },
];

/** Of parameters whose default changed, in runs of a method's version below. */
const formerDefaults: readonly (Default & { below: number })[] = [
  { name: "featureDifferenceForm", value: "prototype", below: 4 },
];

/** @param methodVersion of the run */
export function defaultsBefore(methodVersion: number): Default[] {
  return formerDefaults.filter(({ below }) => methodVersion < below);
}

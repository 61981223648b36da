/**
 * Parameters that finished runs have and no method has any more.
 *
 * @module
 */
import type { ParameterValue } from "./definition/parameter.ts";

/** With the default that they had: where a run has that, its arm's name is as it was. */
export const retiredParameters: readonly { name: string; value: ParameterValue }[] = [
  { name: "outlierFilter", value: 0.05 },
  { name: "teacherDecay", value: 0.99 },
  { name: "teacherMargin", value: 0.02 },
];

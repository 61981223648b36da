/** Parameters that are set and act on nothing. */
import { assertEquals, assertThrows } from "@std/assert";
import { checkParameters } from "../../../lib/methods/definition/check_parameters.ts";
import { experiments } from "../../../lib/methods/experiments.ts";
import { oddities } from "../../../lib/workbench/session/arm_work.ts";

const refused: [experiment: string, set: Record<string, number | string | boolean>, message: string][] = [
  [
    "mutual",
    { sharedProjection: true },
    "sharedProjection acts only where featureDifference is not 0 and featureDifferenceForm is not relations, or " +
    "featureSimilarity is not 0 and featureSimilarityForm is not relations; leave it at false, current value is true",
  ],
  ["mutual", { distilSteps: 7 }, "distilSteps acts only where inference is distilled; leave it at 0"],
  [
    "mutual",
    { psLabels: "completed", predictionSimilarity: 0 },
    "psLabels acts only where predictionSimilarity is",
  ],
  [
    "mutual",
    { featureFilter: 0, centreFeatures: false },
    "centreFeatures acts only where featureFilter is above 0",
  ],
  [
    "independent",
    { rampUp: 0.8 },
    "rampUp acts only where predictionDifference or featureDifference is not 0, or",
  ],
  ["no_feature_sharing", { teacherErrors: 2 }, "teacherErrors acts only where featureSimilarity is not 0"],
  ["ace", { noise: 0.2 }, "noise acts only where consistency is not 0"],
  [
    "pooled",
    { inference: "mean" },
    "inference acts only where there are several members, or it is distilled",
  ],
];

for (const [experiment, set, message] of refused) {
  Deno.test(`${JSON.stringify(set)} of ${experiment} would be another run's twin, and is refused`, () => {
    assertThrows(() => checkParameters(experiment, set), Error, `Cannot set parameters: ${message}`);
  });
}

Deno.test("beside what makes them act they are good, and so is every arm, also one of no effect by its own values", () => {
  checkParameters("mutual", { sharedProjection: true, featureDifferenceForm: "prototype" });
  checkParameters("mutual", { distilSteps: 7, inference: "distilled" });
  checkParameters("pooled", { inference: "mean", members: 2 });
  checkParameters("pooled", { inference: "distilled" });
  for (const name of Object.keys(experiments)) checkParameters(name, {});
});

Deno.test("of one dataset alone it is said that mutual terms act on nothing", () => {
  const dataset = { name: "one", organs: [1], training: [], validation: [], validationScans: [] };
  const told = (experiment: string, count: number) =>
    oddities(experiment, { parameters: {}, study: { name: "lonely", datasets: Array(count).fill(dataset) } });
  assertEquals(told("mutual", 1), [
    "lonely has one dataset, so that no model has a peer: mutual terms act on nothing, and numbers are those of independent",
  ]);
  for (const [experiment, count] of [["mutual", 2], ["independent", 1], ["pooled", 1], ["own", 1]] as const) {
    assertEquals(told(experiment, count), [], experiment);
  }
});

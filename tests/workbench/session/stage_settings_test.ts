import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { LoadedStudy } from "../../../lib/workbench/load_study.ts";
import { requireSettings, type StageAction } from "../../../lib/workbench/session/stage_settings.ts";
import { experimentParameters } from "../../../lib/methods/experiments.ts";
import type { Parameters } from "../../../lib/runs/notebooks/parameters.ts";
import type { Run } from "../../../lib/runs/start_run.ts";
import { codeOf, projectNotebooks } from "../../support/notebooks/notebook_files.ts";

const study = { name: "toy", data: { hash: "data" } } as LoadedStudy;
const runOf = (parameters: Parameters, dataHash = "data") =>
  ({ name: "toy/mutual/default/v001", parameters, record: { dataHash } }) as unknown as Run;
const defaults = Object.fromEntries(experimentParameters("mutual")!.map(({ name, value }) => [name, value]));

Deno.test("an option that is not the run's parameter is refused, with both values and the cell to run", () => {
  const run = runOf(defaults);
  const call = { study, run, options: { predictionDifference: 0.3, seed: 1 } };
  const error = assertThrows(() => requireSettings("train partial-organ models", call), Error);
  assertEquals(
    error.message,
    "Cannot train partial-organ models: predictionDifference is 0.3 in this cell, the run toy/mutual/default/v001 was " +
      "started with 1. Run the cell with startRun again, then this one",
  );
  assertThrows(
    () => requireSettings("complete labels", { study, run, options: { filters: { confidence: 0.5 } } }),
    Error,
    "filters.confidence (confidenceFilter) is 0.5 in this cell, the run toy/mutual/default/v001 was started with 0.7",
  );
});

Deno.test("an option that is not given is the default, which the run may not have", () => {
  const options = { filters: { agreement: 0 } };
  requireSettings("complete labels", { study, run: runOf({ ...defaults, agreementFilter: 0 }), options });
  for (const name of ["confidenceFilter", "volumeFilter", "organThreshold", "outlierFilter"]) {
    const run = runOf({ ...defaults, agreementFilter: 0, [name]: 0.9 });
    assertThrows(
      () => requireSettings("complete labels", { study, run, options }),
      Error,
      "in this cell, as it is not given, the run",
    );
  }
});

Deno.test("0 steps and their number in the cohort are the same; other steps are not", () => {
  const ofCohort = { partialOrganSteps: 120, learningRate: 0.01 };
  const check = (options: object, parameters: Parameters = {}) =>
    requireSettings("train partial-organ models", {
      study,
      options,
      ofCohort,
      run: runOf({ ...defaults, ...parameters }),
    });
  check({});
  check({ steps: 120, learningRate: undefined });
  check({ steps: undefined }, { partialOrganSteps: 120, learningRate: 0.01 });
  assertThrows(() => check({ steps: 10 }), Error, "steps (partialOrganSteps) is 10 in this cell, the run");
  assertThrows(() => check({ learningRate: 0.1 }), Error, "learningRate is 0.1");
});

Deno.test("what the run does not declare is its notebook's own affair", () => {
  const run = runOf({ cohort: "toy", seed: 1, partialOrganSteps: 0 });
  requireSettings("train partial-organ models", {
    study,
    run,
    options: { predictionDifference: 0, featureDifference: 0 },
  });
  requireSettings("evaluate", { study, run, options: { inference: "merged" } });
});

Deno.test("another study than the run's is refused", () => {
  assertThrows(
    () => requireSettings("evaluate", { study, run: runOf(defaults, "other"), options: {} }),
    Error,
    "Cannot evaluate: the study in this cell is not the one that the run toy/mutual/default/v001 was started with",
  );
});

Deno.test("an option that nobody reads is refused, with the nearest one", () => {
  const run = runOf({ cohort: "toy", seed: 1 });
  const given: [StageAction, object, string][] = [
    ["train partial-organ models", { predictionDiference: 1 }, "did you mean predictionDifference?"],
    ["complete labels", { filters: { confidance: 0.7 } }, "did you mean filters.confidence?"],
    ["train full-organ models", { predictionDifference: 0 }, 'current value is "predictionDifference"'],
    ["train the pooled model", { fullOrganSteps: 5 }, "must be one of seed, steps, learningRate"],
    ["evaluate", { interference: undefined }, "did you mean inference?"],
  ];
  for (const [action, options, words] of given) {
    const error = assertThrows(() => requireSettings(action, { study, run, options }), Error, words);
    assertStringIncludes(error.message, `Cannot ${action}: an option must be one of`);
  }
  requireSettings("train partial-organ models", {
    study,
    run,
    options: { workers: 2, checkpointSeconds: 5 },
  });
  requireSettings("complete labels", { study, run, options: { models: [], copies: 3, filters: undefined } });
});

const actions = {
  trainPartialOrganModels: "train partial-organ models",
  completeLabels: "complete labels",
  trainFullOrganModels: "train full-organ models",
  trainPooledModel: "train the pooled model",
  evaluate: "evaluate",
} as const;

for (const { path, notebook } of await projectNotebooks()) {
  if (!path.startsWith("experiments/")) continue;
  const declared = experimentParameters(path.slice("experiments/".length, -".ipynb".length))!;
  Deno.test(`${path}: each parameter that a cell hands to a stage is held against the run's`, () => {
    for (const [name, action] of Object.entries(actions)) {
      const call = codeOf(notebook).join("\n").match(new RegExp(`await ${name}\\(([^]*?)\\);\n`))?.[1] ?? "";
      for (const { name: parameter, value } of declared) {
        if (!new RegExp(`\\b${parameter}\\b`).test(call)) continue;
        const other = typeof value === "number" ? value + 7 : `not ${value}`;
        assertThrows(
          () => requireSettings(action, { study, run: runOf({ [parameter]: other }), options: {} }),
          Error,
          `was started with ${JSON.stringify(other)}`,
        );
      }
    }
  });
}

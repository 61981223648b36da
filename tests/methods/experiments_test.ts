import { assertEquals } from "@std/assert";
import { basename } from "@std/path";
import { checkParameters } from "../../lib/methods/check_parameters.ts";
import { experimentParameters, experiments } from "../../lib/methods/experiments.ts";
import { declaredParameters } from "../../lib/runs/notebooks/parameters.ts";
import { projectNotebooks } from "../support/notebooks/notebook_files.ts";

const notebooks = (await projectNotebooks()).filter(({ path }) => path.startsWith("experiments/"));

Deno.test("every experiment of the table has a notebook, and the other way round", () => {
  assertEquals(notebooks.map(({ path }) => basename(path, ".ipynb")), Object.keys(experiments).sort());
  assertEquals(experimentParameters("nnunet"), undefined);
  assertEquals(experimentParameters("toString"), undefined);
});

for (const { path, notebook } of notebooks) {
  Deno.test(`${path}: its cell says what the table says: names, values, meanings, in their order`, () => {
    const table = experimentParameters(basename(path, ".ipynb"))!;
    assertEquals(
      declaredParameters(notebook, path),
      table.map(({ name, value, meaning }) => ({ name, value, meaning })),
    );
    checkParameters(Object.fromEntries(table.map(({ name, value }) => [name, value])));
  });
}

Deno.test("a parameter as people read it: default of the experiment, rule in words, meaning", () => {
  const rows = experimentParameters("independent")!.map(({ name, value, rule, meaning }) =>
    `${name} = ${value} (${rule.words}): ${meaning}`
  );
  for (
    const line of [
      "predictionDifference = 0 (0 or more): weight of PD; 0 = off",
      "predictionDifferenceForm = label (label, recall, exclusion or peer): label, recall, exclusion or peer",
      "rampUp = 0.2 (0 … 1): share of a stage's steps over which mutual terms grow to their weight",
    ]
  ) assertEquals(rows.filter((row) => row === line), [line]);
  const [steps] = experimentParameters("oracle")!.filter(({ name }) => name === "fullOrganSteps");
  assertEquals(
    steps.meaning,
    "optimiser steps of the network; 0 = the cohort's of both stages together",
  );
});

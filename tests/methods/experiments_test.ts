import { assert, assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { generatedNotebooks } from "../../lib/commands/upkeep/notebooks.ts";
import { checkParameters } from "../../lib/methods/definition/check_parameters.ts";
import { experimentParameters, experiments, findExperiment } from "../../lib/methods/experiments.ts";
import { methods } from "../../lib/methods/registry.ts";
import { declaredParameters } from "../../lib/runs/notebooks/parameters.ts";
import { projectRoot } from "../../lib/setup/tool_paths.ts";
import { projectNotebooks } from "../support/notebooks/notebook_files.ts";

const notebooks = (await projectNotebooks()).filter(({ path }) => path.startsWith("experiments/"));

Deno.test("the experiments are the registry's methods and their arms, each of one name", () => {
  const names = methods.flatMap(({ name, arms = {} }) => [name, ...Object.keys(arms)]);
  assertEquals(Object.keys(experiments), names);
  assertEquals(new Set(names).size, names.length);
  const { method, arm } = findExperiment("oracle")!;
  assertEquals([method.name, arm?.set], ["single_marginal", { showAll: true }]);
  for (const name of ["nnunet", "toString"]) {
    assertEquals([findExperiment(name), experimentParameters(name)], [undefined, undefined]);
  }
});

for (const [name, { method, arm, title, says, about }] of Object.entries(experiments)) {
  Deno.test(`${name} says what it is, and its values are good`, () => {
    for (const text of [title, says, about]) assert(text !== "");
    assertEquals(method, findExperiment(method.name)!.method);
    const table = experimentParameters(name)!;
    const known = table.map(({ name }) => name);
    assertEquals(known.slice(0, 2), ["cohort", "seed"]);
    assertEquals(Object.keys(arm?.set ?? {}).filter((name) => !known.includes(name)), []);
    checkParameters(name, Object.fromEntries(table.map(({ name, value }) => [name, value])));
  });
}

for (const { name, stages } of methods) {
  Deno.test(`${name}: its stages use parameters that they have, and fix those that it has not`, () => {
    for (const { stage, fixed = {} } of Object.values(stages)) {
      const known = Object.keys(stage.parameters);
      const used = [...stage.uses, stage.steps, "seed", "learningRate", ...Object.keys(fixed)];
      assertEquals(used.filter((name) => !known.includes(name)), []);
      const own = experimentParameters(name)!.map(({ name }) => name);
      assertEquals(Object.keys(fixed).filter((name) => own.includes(name)), []);
    }
  });
}

Deno.test("the notebooks of experiments/ are the generated ones, and no others", async () => {
  const generated = await generatedNotebooks();
  assertEquals(
    notebooks.map(({ path }) => join(projectRoot, path)).sort(),
    Object.keys(generated).sort(),
  );
  assertEquals(
    Object.keys(generated).map((path) => basename(path, ".ipynb")),
    Object.keys(experiments).filter((name) => experiments[name]!.notebook),
  );
  for (const [path, text] of Object.entries(generated)) {
    assertEquals(await Deno.readTextFile(path), text, `${path}: make it anew by the command notebooks`);
  }
});

for (const { path, notebook } of notebooks) {
  Deno.test(`${path}: its cell says what the table says: names, values, meanings, in their order`, () => {
    assertEquals(
      declaredParameters(notebook, path),
      experimentParameters(basename(path, ".ipynb"))!.map(({ name, value, meaning }) => ({
        name,
        value,
        meaning,
      })),
    );
  });
}

Deno.test("a parameter as people read it: default of the experiment, rule in words, meaning", () => {
  const rows = experimentParameters("independent")!.map(({ name, value, rule, meaning }) =>
    `${name} = ${value} (${rule.words}): ${meaning}`
  );
  for (
    const line of [
      "predictionDifference = 0 (0 or more): weight of prediction difference (PD); 0 = off",
      "stage2Start = own (fresh, own or team): weights that stage 2 starts from: own = the dataset's model of stage 1, team = the first dataset's, fresh = drawn",
      "rampUp = 0.2 (0 … 1): share of a stage's steps over which mutual terms grow to their weight",
    ]
  ) assertEquals(rows.filter((row) => row === line), [line]);
  const steps = experimentParameters("oracle")!.find(({ name }) => name === "fullOrganSteps")!;
  assertEquals(
    steps.meaning,
    "optimiser steps of the network; 0 = the cohort's of both stages together",
  );
});

import { assertThrows } from "@std/assert";
import { checkParameters } from "../../lib/commands/parameter_rules.ts";
import { declaredParameters } from "../../lib/runs/parameters.ts";
import { projectNotebooks } from "../notebooks/notebook_files.ts";

Deno.test("misspelt words and numbers out of range are refused, all at once", () => {
  assertThrows(
    () =>
      checkParameters({ inference: "median", rampUp: 2, seed: 1.5, partialOrganSteps: -1, cohort: "any" }),
    Error,
    "Cannot set parameters: seed: ",
  );
  for (
    const [name, value] of Object.entries({ inference: "bset", rampUp: 2, seed: 1.5, fullOrganSteps: -1 })
  ) {
    assertThrows(
      () => checkParameters({ [name]: value }),
      Error,
      `current value is ${JSON.stringify(value)}`,
    );
  }
});

Deno.test("the experiments' own parameters, and those that only an experiment knows, are good", async () => {
  for (const { path, notebook } of await projectNotebooks()) {
    const declared = declaredParameters(notebook, path);
    checkParameters(Object.fromEntries(declared.map(({ name, value }) => [name, value])));
  }
  checkParameters({ wordOfMine: "anything", numberOfMine: -7 });
});

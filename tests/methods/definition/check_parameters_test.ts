import { assertEquals, assertThrows } from "@std/assert";
import { checkParameters } from "../../../lib/methods/definition/check_parameters.ts";

const wrong: [Record<string, number | string | boolean>, string][] = [
  [
    { inference: "besst" },
    'inference must be one of best, mean, distilled, current value is "besst": did you mean best?',
  ],
  [{ inference: 1 }, "inference must be best, mean or distilled, current value is 1"],
  [{ rampUp: 2 }, "rampUp must be 0 … 1, current value is 2"],
  [{ rampUp: NaN }, "rampUp must be 0 … 1, current value is "],
  [{ seed: 1.5 }, "seed must be a whole number, current value is 1.5"],
  [{ fullOrganSteps: -1 }, "fullOrganSteps must be a whole number, 0 or more, current value is -1"],
  [{ clean: "yes" }, 'clean must be true or false, current value is "yes"'],
  [{ cohort: "" }, 'cohort must be a text, current value is ""'],
];

for (const [parameters, message] of wrong) {
  Deno.test(`${JSON.stringify(parameters)} is refused`, () => {
    assertThrows(() => checkParameters("mutual", parameters), Error, `Cannot set parameters: ${message}`);
  });
}

Deno.test("all that is wrong is named at once; parameters that only an experiment knows are good", () => {
  const error = assertThrows(
    () => checkParameters("mutual", { rampUp: 2, wordOfMine: "any", klWeight: -1 }),
    Error,
  );
  assertEquals(
    error.message,
    "Cannot set parameters: rampUp must be 0 … 1, current value is 2; klWeight must be 0 or more, current value is -1",
  );
  checkParameters("mutual", { wordOfMine: "anything", numberOfMine: -7, teacherErrors: -1, seed: -3 });
});

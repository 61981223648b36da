import { assertEquals } from "@std/assert";
import { failureText } from "../../../lib/runs/notebooks/execute_notebook.ts";

for (
  const [name, message, said] of [
    ["Error", "Cannot train: no memory", "Cannot train: no memory"],
    ["InvalidFileError", "Cannot read cohort: 1 problem", "Cannot read cohort: 1 problem"],
    ["TypeError", "a is not a function", "TypeError: a is not a function"],
    ["UnfinishedRun", "The notebook ended", "UnfinishedRun: The notebook ended"],
  ] as const
) {
  Deno.test(`a notebook's failure, in words: ${said}`, () =>
    assertEquals(failureText({ name, message, cell: 5 }), said));
}

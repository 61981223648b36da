import { assertEquals } from "@std/assert";
import { jsonFault } from "../../lib/text/json_fault.ts";

const cases: [text: string, said: string][] = [
  ["", "it is empty"],
  ["\n ", "it is empty"],
  ["{", "it ends too early"],
  ['{"a": 1,', "it ends too early"],
  ['{"a": "wor', "it ends too early"],
  ['{\n  "a": 1,\n', "it ends too early"],
  ['[1, "a", tr', "it ends too early"],
  ["# Title", "something is wrong in line 1, character 1"],
  ['{\n  "a": 1\n  "b": 2\n}', "something is wrong in line 3, character 3"],
];

for (const [text, said] of cases) {
  Deno.test(`no JSON, in our words: ${JSON.stringify(text)}`, () => {
    try {
      JSON.parse(text);
    } catch (error) {
      assertEquals(jsonFault(text, error), said);
      return;
    }
    throw new Error("it is JSON");
  });
}

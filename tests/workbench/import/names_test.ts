/** Names of imported cases and organs. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { Series } from "../../../lib/dicom/series.ts";
import { caseNames } from "../../../lib/workbench/import/case_names.ts";
import { ownNames, readAliases } from "../../../lib/workbench/import/organ_aliases.ts";
import { inTempFolder } from "../../support/data/datasets/tiny_dataset.ts";

const series = (id: string) => ({ patient: { id, name: "" }, frames: [{ path: "a.dcm" }] }) as Series;

const cases: [ids: string[], names: string[], problem?: string][] = [
  [["7"], ["7"]],
  [["12/345 ü"], ["12-345-ü"]],
  [["=SUM(A1)", "../x"], ["SUM-A1-", "x"]],
  [["a", "b", "a"], ["a_1", "a_2", "b"]],
  [["a/1", "a 1"], ["a-1", "a-1"], 'ids that differ as file names, "a/1" and "a 1" come to a-1'],
  [["a", "a", "a_2"], ["a_1", "a_2", "a_2"], "come to a_2"],
  [["//"], [""], 'a letter or a digit, it is "//" (a.dcm)'],
];
for (const [ids, names, problem] of cases) {
  Deno.test(`patients ${ids.join(", ")} are cases ${names.join(", ")}${problem ? ": refused" : ""}`, () => {
    const problems: string[] = [];
    const found = caseNames(ids.map(series), problems);
    assertEquals([...found.values()].map(({ id }) => id).sort(), [...names].sort());
    assert(problem ? problems[0]!.includes(problem) : problems.length === 0, problems.join());
  });
}

Deno.test("spellings of a structure are one organ, as it is first spelt", () => {
  const { organOf } = ownNames();
  assertEquals(["Left kidney", "kidney_L", "KIDNEY L", "Liver"].map(organOf), [
    "Left kidney",
    "Left kidney",
    "Left kidney",
    "Liver",
  ]);
});

const aliases: [json: string, problem: string][] = [
  ["{}", "no structure is mapped"],
  ['{"a": ""}', "a: must be an organ's name"],
  ['{"a": "background"}', 'a: must be an organ\'s name, current value is "background"'],
  ['{"a": "Left kidney", "b": "kidney_L"}', "b: Left kidney and kidney_L are two spellings of one organ"],
  ['{"GTV 1": "Tumour", "gtv-1": "Node"}', "gtv-1: is both Tumour and Node, in two spellings"],
  ['{"a": 3}', "a: "],
  ["[1]", "organs.json"],
];
for (const [json, problem] of aliases) {
  Deno.test(`--organs ${json} is refused: ${problem}`, () =>
    inTempFolder(async (folder) => {
      const path = join(folder, "organs.json");
      await Deno.writeTextFile(path, json);
      const error = await assertRejects(() => readAliases(path), Error);
      assert(error.message.includes(problem) && error.message.includes(path), error.message);
    }));
}

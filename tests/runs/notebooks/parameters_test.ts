import { assertEquals, assertThrows } from "@std/assert";
import type { Notebook } from "../../../lib/runs/notebooks/notebook.ts";
import {
  declaredParameters,
  parseAssignments,
  resolveParameters,
} from "../../../lib/runs/notebooks/parameters.ts";

function notebook(...sources: string[]): Notebook {
  const cells = sources.map((source) => ({ cell_type: "code", source, metadata: { tags: ["parameters"] } }));
  return { nbformat: 4, cells, metadata: {} };
}

const source = `// What to vary
let cohort = "phantom"; // name, the study's data
let seed = 1; let quick = false; // 1, shared meaning

let learningRate: number = 3e-3; // 1, step size
let limit = -1_000.5;  // HU
let path = 'a // b';`;

Deno.test("declared parameters: names, typed values and meanings in order", () => {
  assertEquals(declaredParameters(notebook(source), "x.ipynb"), [
    { name: "cohort", value: "phantom", meaning: "name, the study's data" },
    { name: "seed", value: 1, meaning: "1, shared meaning" },
    { name: "quick", value: false, meaning: "1, shared meaning" },
    { name: "learningRate", value: 0.003, meaning: "1, step size" },
    { name: "limit", value: -1000.5, meaning: "HU" },
    { name: "path", value: "a // b", meaning: "" },
  ]);
});

for (
  const [title, notebookGiven, message] of [
    ["no cell", notebook(), "current number is 0 (x.ipynb)"],
    ["two cells", notebook("let a = 1;", "let b = 2;"), "current number is 2"],
    ["const", notebook("const a = 1;"), 'current line is "const a = 1;"'],
    ["an expression", notebook("let a = 1 + 1;"), 'current line is "let a = 1 + 1;"'],
    ["no semicolon", notebook("let a = 1"), 'current line is "let a = 1"'],
    ["no number", notebook("let a = 1x;"), 'current line is "let a = 1x;"'],
    ["twice", notebook("let a = 1;\nlet a = 2;"), "a is declared twice"],
  ] as const
) {
  Deno.test(`declared parameters: ${title} is refused`, () => {
    assertThrows(() => declaredParameters(notebookGiven, "x.ipynb"), Error, message);
  });
}

const declared = declaredParameters(notebook(source), "x.ipynb");

for (
  const [text, expected] of [
    ["seed=2", { seed: 2 }],
    ["learningRate=1e-2", { learningRate: 0.01 }],
    ["quick=true", { quick: true }],
    ["cohort=head_neck", { cohort: "head_neck" }],
    ["cohort=a=b", { cohort: "a=b" }],
    ["path=", { path: "" }],
  ] as const
) {
  Deno.test(`--set ${text}`, () => assertEquals(parseAssignments([text], declared), expected));
}

Deno.test("all wrong assignments are named at once, with the names that exist", () => {
  assertThrows(
    () => parseAssignments(["sead=2", "seed=two", "quick=1", "seed", "limit="], declared),
    Error,
    "Cannot set parameters: a parameter must be one of cohort, seed, quick, learningRate, limit, path, " +
      'current value is "sead": did you mean seed?; seed must be a number, current value is "two"; ' +
      'quick must be a boolean, current value is "1"; "seed" is not name=value; limit must be a number, current value is ""',
  );
});

for (
  const [texts, message] of [
    [["seed=1", "seed=2"], "seed is given twice"],
    [["cohort=a", "cohort=a"], "cohort is given twice"],
    [["learningRate=0x10"], 'learningRate must be a number, current value is "0x10"'],
    [["learningRate=0b1"], 'learningRate must be a number, current value is "0b1"'],
    [["learningRate=1e999"], 'learningRate must be a number, current value is "1e999"'],
    [
      ["seed=99999999999999999999"],
      'seed must be a whole number below 2^53, current value is "99999999999999999999"',
    ],
    [["seed=9007199254740992"], "seed must be a whole number below 2^53"],
  ] as const
) {
  Deno.test(`--set ${texts.join(" --set ")} is refused`, () => {
    assertThrows(() => parseAssignments(texts, declared), Error, `Cannot set parameters: ${message}`);
  });
}

for (
  const [text, value] of [["1_000", 1000], [".5", 0.5], ["5.", 5], ["-2E-3", -0.002], ["+7", 7]] as const
) {
  Deno.test(`--set learningRate=${text} is ${value}`, () => {
    assertEquals(parseAssignments([`learningRate=${text}`], declared), { learningRate: value });
  });
}

Deno.test("given values are checked and completed in the order of declaration", () => {
  assertEquals(Object.entries(resolveParameters({ seed: 3 }, declared))[1], ["seed", 3]);
  assertEquals(
    Object.keys(resolveParameters({ seed: 3, cohort: "b" }, declared)),
    declared.map(({ name }) => name),
  );
  assertThrows(
    () => resolveParameters({ seed: "3", other: 1 }, declared),
    Error,
    'seed must be a number, current value is "3"; a parameter must be one of cohort, seed, quick,',
  );
});

/** Templates of notebooks train every stage of their method. */
import { assertEquals, assertThrows } from "@std/assert";
import { experiments } from "../../lib/methods/experiments.ts";
import type { Method, MethodStage } from "../../lib/methods/definition/method.ts";
import { singleMarginal } from "../../lib/methods/single_marginal.ts";
import { templateCells } from "../../lib/workbench/notebook_template.ts";

const oneNetwork = await Deno.readTextFile("experiments/templates/one_network.md");

/** A method whose stages have these names. */
function experimentOf(...names: string[]) {
  const [stage] = Object.values(singleMarginal.stages as Record<string, MethodStage>);
  const stages = Object.fromEntries(names.map((name) => [name, stage!]));
  const method = { ...singleMarginal, name: "taught_twice", stages } as unknown as Method;
  return { ...experiments.single_marginal!, method };
}

const cell = (code: string) => `# {{title}}\n\n\`\`\`ts\n${code}\n\`\`\`\n`;

Deno.test("a stage that no cell trains is told, with the template that is to be written", () => {
  assertThrows(
    () => templateCells(oneNetwork, "taught_twice", experimentOf("first", "second", "third")),
    Error,
    "Cannot make the notebook of taught_twice: each stage of taught_twice must stand in a cell with trainStage(…), " +
      "none has first, second; write experiments/templates/taught_twice.md",
  );
  // Its name in a text, or in a cell that trains nothing, is not enough.
  const text = cell("await trainStage(study, run, {{stage}});") + cell('console.log("first");');
  assertThrows(() => templateCells(text, "x", experimentOf("first", "second")), Error, "none has first;");
});

Deno.test("a method with one stage, and a template that names all, pass", () => {
  const cells = templateCells(oneNetwork, "taught_twice", experimentOf("only"));
  assertEquals(cells.filter(({ source }) => source.includes('trainStage(study, run, "only")')).length, 1);
  const all = cell(
    "for (const stage of ['first', \"second\"]) {\n  await trainStage(study, run, stage);\n}",
  );
  assertEquals(templateCells(all, "taught_twice", experimentOf("first", "second")).length, 2);
});

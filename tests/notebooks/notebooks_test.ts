import { assert, assertEquals, assertMatch } from "@std/assert";
import { basename, join } from "@std/path";
import { hasTag } from "../../lib/runs/notebooks/notebook.ts";
import { declaredParameters } from "../../lib/runs/notebooks/parameters.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { codeOf, projectNotebooks } from "../support/notebooks/notebook_files.ts";

const notebooks = await projectNotebooks();

for (const { path, notebook } of notebooks) {
  Deno.test(`${path}: no outputs, one cell of parameters before all others, imports by alias`, () => {
    const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
    for (const { outputs, execution_count } of code) assertEquals([outputs, execution_count], [[], null]);
    assert(hasTag(notebook.cells[0]!, "parameters"), "the first cell has the parameters");
    const parameters = declaredParameters(notebook, path); // throws at a second cell and at what is no literal
    assert(parameters.every(({ meaning }) => meaning !== ""), "every parameter says what it means");
    assertEquals(notebook.metadata.papermill, undefined);
    const { kernelspec, language_info } = notebook.metadata as Record<
      "kernelspec" | "language_info",
      Record<string, string>
    >;
    assertEquals([kernelspec.name, language_info.name], ["deno", "typescript"]);
    const source = codeOf(notebook).join("\n");
    assertEquals(source.match(/import\.meta/g), null, "a cell has no file");
    const imports = [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'`]([^"'`]+)["'`]/g)];
    for (const [, specifier] of imports) assertMatch(specifier, /^consilium\/\w+$/);
  });
}

for (const { path, notebook } of notebooks.filter(({ path }) => path.startsWith("experiments/"))) {
  const name = basename(path, ".ipynb");
  Deno.test(`${path}: it starts a run of its own name with all its parameters`, () => {
    const source = codeOf(notebook).join("\n");
    const [, started, given] = source.match(/startRun\("(\w+)", study, \{([^}]*)\}\)/)!;
    assertEquals(started, name);
    const names = given!.split(",").map((text) => text.trim()).filter((text) => text !== "");
    assertEquals(names, declaredParameters(notebook, path).map(({ name }) => name));
    assertMatch(source, /await run\.finish\(scores\);\s*$/);
  });
}

Deno.test("the cells of all notebooks pass the type checker", async () => {
  // Inside the project, where the import map is; in a folder that git ignores, should this be killed.
  await Deno.mkdir(join(projectRoot, "data"), { recursive: true });
  const folder = await Deno.makeTempDir({ dir: join(projectRoot, "data"), prefix: "notebooks_" });
  try {
    const files = await Promise.all(notebooks.map(async ({ path, notebook }) => {
      const file = join(folder, `${path.replace("/", "_")}.ts`);
      const [parameters, ...cells] = codeOf(notebook);
      // A parameter that is a word is one of a few, such as "best" or "mean"; here it can only be the cell's own.
      const own = parameters!.replaceAll(/^let (?=\w+ = ")/gm, "const ");
      await Deno.writeTextFile(file, [own, ...cells, "export {};"].join("\n"));
      return file;
    }));
    const { success, stderr } = await new Deno.Command(toolPaths().deno, {
      args: ["check", ...files],
      cwd: projectRoot,
      env: { NO_COLOR: "1" },
    }).output();
    assert(success, new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

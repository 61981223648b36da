import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { updateCopies } from "../../lib/workbench/lab_workspace.ts";
import { readNotebook } from "../../lib/runs/notebooks/notebook.ts";
import { writeNotebook } from "../support/runs/toy_notebook.ts";
import { withFolder } from "../support/runs/with_folder.ts";

Deno.test("copies follow the project's notebooks with their outputs, until they are edited", () =>
  withFolder(async (folder) => {
    const [project, workspace] = [join(folder, "project"), join(folder, "lab")];
    await Deno.mkdir(join(project, "notebooks"), { recursive: true });
    const source = (name: string, code: string) =>
      writeNotebook(join(project, `notebooks/${name}.ipynb`), [[[], code]]);
    const copy = (name: string) => join(workspace, `notebooks/${name}.ipynb`);
    const update = () => updateCopies({ project, folders: ["notebooks"], workspace });
    const cellOf = async (name: string) => (await readNotebook(copy(name))).cells[0]!;
    const codeOf = async (name: string) => (await cellOf(name)).source;
    const change = async (name: string, cell: Record<string, unknown>) => {
      const notebook = JSON.parse(await Deno.readTextFile(copy(name)));
      Object.assign(notebook.cells[0], cell);
      await Deno.writeTextFile(copy(name), JSON.stringify(notebook));
    };
    for (const name of ["run", "edited", "broken"]) await source(name, "1");
    assertEquals([await update(), await codeOf("run")], [[], "1"]);

    await Deno.writeTextFile(copy("own"), "the user's");
    await change("run", { outputs: [{ output_type: "stream" }], execution_count: 7 });
    assertEquals(await update(), []);
    assertEquals((await cellOf("run")).outputs!.length, 1);

    await change("edited", { source: "my own" });
    await Deno.writeTextFile(copy("broken"), "half a noteb");
    for (const name of ["run", "edited", "broken"]) await source(name, "2");
    const differing = ["notebooks/broken.ipynb", "notebooks/edited.ipynb"];
    for (let start = 0; start < 2; start++) assertEquals(await update(), differing);
    assertEquals([await codeOf("run"), await codeOf("edited")], ["2", "my own"]);
    assertEquals((await cellOf("run")).outputs, []);

    await Deno.rename(copy("edited"), copy("mine"));
    await Deno.remove(copy("broken"));
    assertEquals([await update(), await codeOf("edited"), await codeOf("mine")], [[], "2", "my own"]);
    assertEquals(await Deno.readTextFile(copy("own")), "the user's");
  }));

import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readNotebook, sourceHash } from "../../../lib/runs/notebooks/notebook.ts";
import { keepCode, publishNotebook } from "../../../lib/runs/notebooks/redact_scans.ts";
import { UNPUBLISHED } from "../../../lib/runs/notebooks/notebook_file.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const picture = { output_type: "display_data", data: { "image/png": "AAAA" }, metadata: {} };

function notebook({ code = "train();", seed = 1, text = "# Title", outputs = [picture] } = {}) {
  const cell = (source: string[], tags: string[]) => ({
    cell_type: "code",
    source,
    metadata: { tags },
    outputs,
  });
  return JSON.stringify({
    cells: [
      { cell_type: "markdown", source: [text], metadata: {} },
      cell([`let seed = ${seed};`], ["parameters"]),
      cell(["const a = 1;\n", code], []),
      cell(["show(slices);"], ["scans"]),
    ],
    metadata: {
      papermill: { input_path: "/home/somebody/x.ipynb", version: "2" },
      kernelspec: { name: "deno" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

Deno.test("the source's hash is of code alone", () =>
  withFolder(async (folder) => {
    const path = join(folder, "x.ipynb");
    const hash = async (text: string) => {
      await Deno.writeTextFile(path, text);
      return await sourceHash(await readNotebook(path));
    };
    const original = await hash(notebook());
    for (const same of [{ text: "other" }, { outputs: [] }, { seed: 2 }, { code: "train();\n" }]) {
      assertEquals(await hash(notebook(same)), original);
    }
    assertNotEquals(await hash(notebook({ code: "train(2);" })), original);
  }));

for (const publishScans of [false, true]) {
  Deno.test(`outputs of scans are ${publishScans ? "kept" : "replaced"}; this machine's paths go`, () =>
    withFolder(async (folder) => {
      const path = join(folder, "x.ipynb");
      await Deno.writeTextFile(path, notebook());
      await publishNotebook(path, { to: path, publishScans });
      const { cells, metadata } = await readNotebook(path);
      assertEquals(cells[2]!.outputs, [picture]);
      assertEquals(cells[3]!.outputs![0]!.output_type, publishScans ? "display_data" : "stream");
      assertEquals(metadata.papermill, { version: "2" });
    }));
}

Deno.test("an output that shows scans which must not be published is replaced, whatever its cell's tags and cohort", () =>
  withFolder(async (folder) => {
    const path = join(folder, "x.ipynb");
    const marked = { ...picture, data: { ...picture.data, [UNPUBLISHED]: {} } };
    await Deno.writeTextFile(path, notebook({ outputs: [picture, marked] }));
    await publishNotebook(path, { to: path, publishScans: true });
    const { cells } = await readNotebook(path);
    assertEquals(cells[2]!.outputs!.map((one) => one.output_type), ["display_data", "stream"]);
    assertEquals((await Deno.readTextFile(path)).includes(UNPUBLISHED), false);
  }));

Deno.test("a notebook's code is kept without outputs, which may be another run's", () =>
  withFolder(async (folder) => {
    const path = join(folder, "x.ipynb");
    await Deno.writeTextFile(path, notebook());
    await keepCode(path, { to: join(folder, "kept.ipynb") });
    const [original, kept] = [await readNotebook(path), await readNotebook(join(folder, "kept.ipynb"))];
    assertEquals(await sourceHash(kept), await sourceHash(original));
    assertEquals(kept.cells.flatMap(({ outputs = [] }) => outputs), []);
  }));

Deno.test("what is no notebook is refused by name", () =>
  withFolder(async (folder) => {
    const path = join(folder, "x.ipynb");
    await assertRejects(() => readNotebook(path), Error, "no such file");
    await Deno.writeTextFile(path, '{"nbformat": 3}');
    await assertRejects(() => readNotebook(path), Error, "Cannot read notebook: ");
  }));

Deno.test("a notebook that an editor is saving is read when it is whole; one that never is, is refused", () =>
  withFolder(async (folder) => {
    const path = join(folder, "x.ipynb");
    const whole = notebook();
    for (const half of ["", whole.slice(0, whole.length / 2)]) {
      await Deno.writeTextFile(path, half);
      const reading = readNotebook(path);
      await new Promise((done) => setTimeout(done, 0)); // the half is read first; whatever comes first, it must work
      await Deno.writeTextFile(path, whole);
      assertEquals((await reading).cells.length, 4);
    }
    await Deno.writeTextFile(path, whole.slice(0, -1));
    await assertRejects(() => readNotebook(path), Error, "Cannot read notebook: ");
  }));

import { assertEquals, assertMatch } from "@std/assert";
import { kernelspecText } from "../../lib/setup/notebook_kernel.ts";
import { toolPaths } from "../../lib/setup/tool_paths.ts";
import { eventually } from "../support/eventually.ts";
import { isAlive, processState } from "../support/processes.ts";

interface Output {
  output_type: string;
  text?: string | string[];
  data?: Record<string, string | string[]>;
}

/** Executes cells through papermill, as the project's experiments are, in a folder that is not the project's. */
async function execute(cells: string[], parameters: string[] = []) {
  const folder = await Deno.makeTempDir();
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: "deno", display_name: "Deno", language: "typescript" },
      language_info: { name: "typescript" },
    },
    cells: cells.map((source, index) => ({
      id: `cell${index}`,
      cell_type: "code",
      metadata: index === 0 ? { tags: ["parameters"] } : {},
      execution_count: null,
      outputs: [],
      source,
    })),
  };
  await Deno.writeTextFile(`${folder}/in.ipynb`, JSON.stringify(notebook));
  const { papermill, dieWithParent } = toolPaths();
  const [program, ...before] = dieWithParent;
  const args = [...before, folder, papermill, "in.ipynb", "out.ipynb", ...parameters];
  const { success, stderr } = await new Deno.Command(program, { args }).output();
  const executed = JSON.parse(await Deno.readTextFile(`${folder}/out.ipynb`));
  await Deno.remove(folder, { recursive: true });
  const outputs = executed.cells.flatMap((cell: { outputs?: Output[] }) => cell.outputs ?? []) as Output[];
  return { success, stderr: new TextDecoder().decode(stderr), outputs };
}

const text = ({ text, data }: Output) => [text ?? data?.["text/plain"] ?? ""].flat().join("").trim();

Deno.test("papermill finds the outputs of all of 100 cells", async () => {
  // Newer Denos lose a few per cent of them: this test guards the pin in platform.ts.
  const cells = Array.from({ length: 100 }, (_, index) => `console.log("output ${index}")`);
  const { success, outputs, stderr } = await execute(["let unused = 0;", ...cells]);
  assertEquals(success, true, stderr);
  assertEquals(outputs.map(text), cells.map((_, index) => `output ${index}`));
});

Deno.test("parameters of every kind reach the notebook", async () => {
  const { outputs, success, stderr } = await execute(
    [
      'let name = "x"; let rate = 1; let steps = 2; let quick = false; let list = [0]; let nothing: unknown = 1;',
      "console.log(JSON.stringify([name, rate, steps, quick, list, nothing]))",
    ],
    ["-y", '{name: "a \\"quoted\\" é", rate: 0.5, steps: 7, quick: true, list: [1, 2], nothing: null}'],
  );
  assertEquals(success, true, stderr);
  assertEquals(outputs.map(text), ['["a \\"quoted\\" é",0.5,7,true,[1,2],null]']);
});

Deno.test("a misspelt parameter ends the notebook", async () => {
  const { success, stderr } = await execute(["let seed = 1;", "console.log(seed)"], ["-p", "sede", "2"]);
  assertEquals(success, false);
  assertMatch(stderr, /sede is not defined/);
});

Deno.test("the kernel runs in the project's root, with its import map", async () => {
  const { outputs, success, stderr } = await execute([
    "let x = 1;",
    'import { z } from "zod"; console.log(typeof z.object)',
  ]);
  assertEquals(success, true, stderr);
  assertEquals(outputs.map(text), ["function"]);
});

Deno.test("the kernelspec names the pinned Deno by its path", () => {
  const { argv, language, env } = JSON.parse(kernelspecText("/some/project"));
  assertEquals(argv.slice(-6), [
    "/some/project",
    "/some/project/.venv/bin/deno",
    "jupyter",
    "--kernel",
    "--conn",
    "{connection_file}",
  ]);
  assertEquals([argv[0], language, env.NO_COLOR], ["/some/project/.venv/bin/python", "typescript", "1"]);
});

Deno.test("a program started with dieWithParent dies when its parent is killed", async () => {
  const { python, dieWithParent } = toolPaths();
  // The parent prints the program's process id, which stays the same through the launcher's exec.
  const parent = new Deno.Command(python, {
    args: [
      "-c",
      "import subprocess, sys; child = subprocess.Popen(sys.argv[1:]); print(child.pid, flush=True); child.wait()",
      ...dieWithParent,
      "/tmp",
      "/bin/sleep",
      "3600",
    ],
    stdout: "piped",
  }).spawn();
  const reader = parent.stdout.getReader();
  const id = Number(new TextDecoder().decode((await reader.read()).value));
  await eventually(() => assertEquals(processState(id)?.name, "sleep"));
  parent.kill("SIGKILL");
  await parent.status;
  await reader.cancel();
  await eventually(() => assertEquals(isAlive(id), false));
});

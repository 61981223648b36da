import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { copyRuns } from "../support/commands/made_up_study.ts";
import { asOneModule, readExamples } from "../support/docs/examples.ts";

const examples = await readExamples(["train", "data", "results", "plots"]);

/** The functions of train as the cells of one notebook. */
const cells = [
  ...[
    "loadCohort",
    "startRun",
    "trainStage",
    "completeLabels",
    "scribbleLabels",
    "evaluate",
    "growScribbles",
    "keepFigure",
    "sliceExamples",
  ],
];

/** Examples as modules of a folder inside the project, where the import map is; git ignores it, should this be killed. */
async function withModules(
  edit: (code: string, folder: string) => string,
  use: (folder: string, notebook: string, others: string[]) => Promise<void>,
): Promise<void> {
  await Deno.mkdir(join(projectRoot, "data"), { recursive: true });
  const folder = await Deno.makeTempDir({ dir: join(projectRoot, "data"), prefix: "examples_" });
  const write = async (name: string, code: string) => {
    const path = join(folder, `${name}.ts`);
    await Deno.writeTextFile(path, `${edit(code, folder)}\nexport {};\n`);
    return path;
  };
  try {
    const train = cells.map((name) => examples.find((one) => one.name === name)!.code);
    const notebook = await write("train", asOneModule([...train, "await run.finish(scores);\n"]));
    const others = examples.filter(({ door }) => door !== "train");
    await use(folder, notebook, await Promise.all(others.map(({ name, code }) => write(name, code))));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("every function that notebooks may import has an example that calls it", () => {
  assertEquals(
    examples.filter(({ door }) => door === "train").map(({ name }) => name).sort(),
    cells.toSorted(),
  );
  assert(examples.length > 50, `${examples.length} functions`);
  for (const { door, name, code } of examples) {
    assert(code !== "", `${name} has no @example with a block of ts`);
    assertStringIncludes(code, `${name}(`);
    assert(
      new RegExp(`^import \\{[^}]*\\b${name}\\b[^}]*\\} from "consilium/${door}";$`, "m").test(code),
      name,
    );
  }
});

Deno.test("all examples pass the type checker", () =>
  withModules((code) => code, async (_folder, notebook, others) => {
    const { success, stderr } = await new Deno.Command(toolPaths().deno, {
      args: ["check", "--quiet", notebook, ...others],
      cwd: projectRoot,
      env: { NO_COLOR: "1" },
    }).output();
    assert(success, new TextDecoder().decode(stderr));
  }));

/** In place of the phantom, whose networks take minutes, one of the same name on a coarse grid. */
async function writeTinyPhantom(path: string): Promise<void> {
  const tiny = await Deno.readTextFile(join(projectRoot, "tests", "support", "experiments", "tiny.json"));
  await Deno.writeTextFile(path, JSON.stringify({ ...JSON.parse(tiny), name: "phantom" }));
}

const COHORT = /((?:loadCohort|surveyCohort|readCase)\(|cohort: )"phantom"/g;

/** What went wrong in which of the modules; what they write by a relative path lies in the folder. */
async function runAll(modules: readonly string[], folder: string): Promise<Record<string, string>> {
  const [config, runner] = ["deno.json", "tests/support/docs/run_modules.ts"].map((path) =>
    join(projectRoot, path)
  );
  const { success, stdout, stderr } = await new Deno.Command(toolPaths().deno, {
    args: ["run", "--quiet", "-A", "--no-check", "--config", config, runner, ...modules],
    cwd: folder,
    env: { CONSILIUM_RESULTS: join(folder, "results"), NO_COLOR: "1" },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1)!);
}

Deno.test("all examples run: those of train as one notebook, the others each by itself", () =>
  withModules(
    (code, folder) =>
      code.replaceAll(COHORT, (_, call) => call + JSON.stringify(join(folder, "phantom.json"))),
    async (folder, notebook, others) => {
      await writeTinyPhantom(join(folder, "phantom.json"));
      await copyRuns(join(projectRoot, "results", "hippocampus"), join(folder, "results", "hippocampus"));
      const tables = join("results", "phantom_quick", "tables");
      await Deno.mkdir(join(folder, tables), { recursive: true });
      await Deno.copyFile(join(projectRoot, tables, "axes.csv"), join(folder, tables, "axes.csv"));
      assertEquals(await runAll([notebook], folder), {});
      assertEquals(await runAll(others, folder), {});
    },
  ));

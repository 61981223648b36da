import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import {
  executionNotices,
  readExperiment,
  startNotices,
} from "../../../lib/runs/notebooks/experiment_notebook.ts";
import { projectRoot } from "../../../lib/setup/tool_paths.ts";
import { writeNotebook } from "../../support/runs/toy_notebook.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

/** A notebook with lines of parameters and one of code. */
const write = (path: string, parameters: string, code = "train();") =>
  writeNotebook(path, [[["parameters"], parameters], [[], code]]);

const single = (steps: number) =>
  `let cohort = "phantom";\nlet seed = 1;\nlet showAll = false;\nlet fullOrganSteps = ${steps};\nlet learningRate = 0;\n` +
  "let postprocessing = true;";

Deno.test("defaults of the project's experiments are the library's, whatever an editor has saved", () =>
  withFolder(async (folder) => {
    const path = join(folder, "single_marginal.ipynb");
    await write(path, `${single(10)}\nlet word = "mine";`);
    const notebook = await readExperiment("single_marginal", path);
    assertEquals(notebook.defaults.map(({ name, value }) => `${name}=${value}`), [
      ...[
        "cohort=phantom",
        "seed=1",
        "showAll=false",
        "fullOrganSteps=0",
        "learningRate=0",
        "postprocessing=true",
      ],
      "word=mine",
    ]);
    assertEquals(executionNotices(notebook), [
      "single_marginal.ipynb: the cell of parameters differs and is not used; it says fullOrganSteps = 10 (default 0). " +
      "--set sets them.",
    ]);
    assertEquals(startNotices({ cohort: "x", seed: 2, fullOrganSteps: 5, word: "mine" }, notebook), [
      "Not the defaults: fullOrganSteps = 5 (default 0)",
    ]);
    await write(path, single(0).replace("let seed = 1;\n", ""));
    await assertRejects(
      () => readExperiment("single_marginal", path),
      Error,
      `Cannot read parameters: the cell must declare seed, too (${path})`,
    );
  }));

Deno.test("the project's own notebooks differ in nothing", async () => {
  const notebook = await readExperiment("mutual", join(projectRoot, "experiments/mutual.ipynb"));
  assertEquals(notebook.declared, notebook.defaults);
  assertEquals(startNotices({ cohort: "x", seed: 7 }, { ...notebook, codeDiffers: false }), []);
});

/** Runs git in a folder; false where there is no git. */
async function git(folder: string, ...args: string[]): Promise<boolean> {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
  try {
    const command = new Deno.Command("git", { args: ["-C", folder, ...identity, ...args], stderr: "null" });
    return (await command.output()).success;
  } catch {
    return false;
  }
}

Deno.test("an experiment of one's own: the committed version is the reference; without git the file is", () =>
  withFolder(async (folder) => {
    const path = join(folder, "own.ipynb");
    await write(path, "let steps = 100;");
    const alone = await readExperiment("own", path);
    assertEquals([alone.defaults[0]!.value, alone.codeDiffers], [100, false]);
    if (!await git(folder, "init", "-q")) return console.log("Not tested with git: it is not installed.");
    await git(folder, "add", ".");
    await git(folder, "commit", "-qm", "own");
    await write(path, "let steps = 10;\nlet more = 2;", "train(2);");
    const edited = await readExperiment("own", path);
    assertEquals(edited.defaults.map(({ name, value }) => [name, value]), [["steps", 100], ["more", 2]]);
    assertEquals(edited.codeDiffers, true);
    assertEquals(executionNotices(edited), [
      "own.ipynb: the cell of parameters differs and is not used; it says steps = 10 (default 100). --set sets them.",
      "own.ipynb: the code differs from the committed one.",
    ]);
    assertEquals(startNotices({ steps: 10, more: 2 }, edited), [
      "Not the defaults: steps = 10 (default 100)",
      "The notebook's code differs from the committed one",
    ]);
  }));

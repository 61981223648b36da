import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { gitState } from "../../lib/runs/folder/machine.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { poisonedEnvironment } from "../support/setup/poisoned_environment.ts";
import { printedBy, writeComputingNotebook } from "../support/setup/computing_notebook.ts";
import { runDeno, runScript, type ScriptEnd, type ScriptOptions } from "../support/setup/run_script.ts";

/** Gives a test what starts programs in a poisoned environment, and nothing else of this process's. */
function poisoned(test: (run: Poisoned) => Promise<void>): () => Promise<void> {
  return () =>
    withFolder(async (folder) => {
      const env = await poisonedEnvironment(folder);
      await test({
        folder,
        script: (text, options = {}) =>
          runScript(text, { ...options, env: { ...env, ...options.env }, clearEnv: true }),
        deno: (args) => runDeno(args, { env, clearEnv: true }),
        program: async (path, args) => {
          const { code, stdout, stderr } = await new Deno.Command(path, {
            args,
            cwd: projectRoot,
            clearEnv: true,
            env,
          }).output();
          const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
          return { code, stdout: text(stdout), stderr: text(stderr) };
        },
      });
    });
}

interface Poisoned {
  folder: string;
  script(text: string, options?: ScriptOptions): Promise<ScriptEnd>;
  deno(args: string[]): Promise<ScriptEnd>;
  program(path: string, args: string[]): Promise<ScriptEnd>;
}

const expected = `108\n1 ${projectRoot} istanbul\n`;

Deno.test(
  "in a poisoned environment, set-up finds a Python that can make environments",
  poisoned(async ({ script }) => {
    const { stdout, stderr } = await script(`
      import { findInterpreter } from "lib/setup/python_interpreter.ts";
      const { version, venv } = await findInterpreter();
      console.log(version[0], venv);`);
    assertEquals([stdout, stderr], ["3 true\n", ""]);
  }),
);

Deno.test(
  "in a poisoned environment, set-up has nothing to do where all is done",
  poisoned(async ({ deno }) => {
    const { tasks } = JSON.parse(await Deno.readTextFile(join(projectRoot, "deno.json")));
    const words = (tasks.setup.command as string).split(" ").slice(1);
    const { code, stdout, stderr } = await deno(words);
    assertEquals([code, stdout], [0, ""]);
    assertMatch(stderr, /^Consilium is set up\./);
  }),
);

Deno.test(
  "in a poisoned environment, pip installs where it is told to",
  poisoned(async ({ folder, script }) => {
    const wheel = join(folder, "toy-1-py3-none-any.whl");
    const make = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("toy.py", "")
    wheel.writestr("toy-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: toy\\nVersion: 1\\n")
    wheel.writestr("toy-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("toy-1.dist-info/RECORD", "")
`;
    await new Deno.Command(toolPaths().python, { args: ["-I", "-c", make, wheel] }).output();
    const { stderr } = await script(`
      import { pipInstall } from "lib/setup/python_environment.ts";
      await pipInstall("${projectRoot}", ["--no-index", "--prefix", "${folder}/prefix", "${wheel}"]);`);
    assertEquals(stderr, "");
    const { stdout } = await new Deno.Command("find", { args: [folder, "-name", "toy.py"] }).output();
    assertMatch(
      new TextDecoder().decode(stdout),
      /^\S+\/prefix\/lib\/python3\.\d+\/site-packages\/toy\.py\n$/,
    );
  }),
);

Deno.test(
  "in a poisoned environment, a notebook computes in our runner, kernel and TensorFlow",
  poisoned(async ({ folder, script }) => {
    await writeComputingNotebook(join(folder, "in.ipynb"));
    const { stdout, stderr } = await script(`
      import { executeNotebook } from "lib/runs/notebooks/execute_notebook.ts";
      import { toolPaths } from "lib/setup/tool_paths.ts";
      const failure = await executeNotebook("${folder}/in.ipynb", {
        output: "${folder}/out.ipynb",
        parameters: {},
        tools: toolPaths(),
        cwd: "${projectRoot}",
        events: "${folder}/events",
        onEvent() {},
      });
      console.log(failure?.message);`);
    assertEquals([stdout, stderr], ["undefined\n", ""]);
    assertEquals(await printedBy(join(folder, "out.ipynb")), expected);
  }),
);

Deno.test(
  "in a poisoned environment, .venv/bin/papermill itself is ours",
  poisoned(async ({ program }) => {
    const { code, stdout, stderr } = await program(toolPaths().papermill, ["--version"]);
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, new RegExp(`^\\d[\\d.]* from ${projectRoot}/\\.venv/`));
  }),
);

Deno.test(
  "in a poisoned environment, task lab starts our JupyterLab",
  poisoned(async ({ deno }) => {
    const { tasks } = JSON.parse(await Deno.readTextFile(join(projectRoot, "deno.json")));
    const words = (tasks.lab.command as string).split(" ").slice(1);
    const { code, stdout, stderr } = await deno([...words, "--version"]);
    const pins = await Deno.readTextFile(join(projectRoot, "lib/setup/python/requirements.txt"));
    const [, version] = pins.match(/^jupyterlab==(\S+)/m)!;
    assertEquals([code, stdout, stderr], [0, `${version}\n`, ""]);
  }),
);

Deno.test(
  "in a poisoned environment, the commit is recorded where there is git, also by a command that may run nothing else",
  poisoned(async ({ script }) => {
    const ask =
      'import { gitState } from "lib/runs/folder/machine.ts"; console.log((await gitState())?.commit.length);';
    assertEquals(await script(ask), { code: 0, stdout: "undefined\n", stderr: "" });
    const permissions = ["--allow-read", "--allow-env", "--allow-run=git"];
    const withGit = await script(ask, { env: { PATH: Deno.env.get("PATH")! }, permissions });
    // Undefined where the project was unpacked without .git.
    assertEquals(withGit.stdout, `${(await gitState())?.commit.length}\n`, withGit.stderr);
  }),
);

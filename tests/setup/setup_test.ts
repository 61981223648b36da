import { assertEquals } from "@std/assert";
import { setupSteps } from "../../lib/setup/setup.ts";
import { projectRoot } from "../../lib/setup/tool_paths.ts";
import { withFolder } from "../support/runs/with_folder.ts";

Deno.test("ensureSetup() has nothing to do in a project that is set up, and says nothing", async () => {
  // With these permissions it could neither start a program nor write a file.
  const permissions = ["--no-prompt", "--allow-read", "--allow-env", "--allow-sys"];
  const script =
    `import { ensureSetup } from "file://${projectRoot}/lib/setup/setup.ts"; await ensureSetup();`;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissions, `data:text/typescript,${encodeURIComponent(script)}`],
    cwd: projectRoot,
  }).output();
  assertEquals([new TextDecoder().decode(stderr), new TextDecoder().decode(stdout), code], ["", "", 0]);
});

Deno.test("steps have names of their own, and CUDA adds one", () => {
  const names = (cuda: boolean) => setupSteps({ root: projectRoot, cuda }).map(({ name }) => name);
  assertEquals(new Set(names(true)).size, names(true).length);
  assertEquals(names(true).filter((name) => !names(false).includes(name)), ["CUDA packages"]);
});

Deno.test("set-up imports no npm package, since it installs them", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "lib/commands/setup.ts"],
    cwd: projectRoot,
  }).output();
  const modules = JSON.parse(new TextDecoder().decode(stdout)).modules as { specifier: string }[];
  assertEquals(modules.filter(({ specifier }) => !/^(file|node):/.test(specifier)), []);
});

Deno.test("what lies in the folder above is none of the project's business", () =>
  withFolder(async (above) => {
    await Deno.mkdir(`${above}/project`);
    await Deno.copyFile(`${projectRoot}/deno.json`, `${above}/project/deno.json`);
    await Deno.writeTextFile(`${above}/package.json`, '{ "name": "above", "workspaces": ["other"] }');
    for (const config of ['{ "workspace": ["./other"] }', "{ broken"]) {
      await Deno.writeTextFile(`${above}/deno.json`, config);
      // Lists the tasks.
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["task"],
        cwd: `${above}/project`,
      }).output();
      assertEquals(success, true, new TextDecoder().decode(stderr));
    }
  }));

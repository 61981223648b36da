import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { launcherSteps, launcherText } from "../../lib/setup/launcher.ts";
import { setupSteps } from "../../lib/setup/setup.ts";
import { isDone, perform } from "../../lib/setup/steps/step.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { launcherPath } from "../../lib/setup/typed.ts";
import { ended, taskNames, tasks } from "../support/commands/tasks.ts";

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "it's a folder " });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const config = (...names: string[]) =>
  JSON.stringify({ tasks: Object.fromEntries(names.map((name) => [name, { command: `echo ${name}` }])) });

/** A project in a folder of an odd name, whose deno says how it was called. */
async function fakeProject(root: string): Promise<void> {
  await Deno.mkdir(`${root}/.venv/bin`, { recursive: true });
  await Deno.writeTextFile(`${root}/deno.json`, config("run", "check-data"));
  await Deno.writeTextFile(
    toolPaths(root).deno,
    '#!/bin/sh\nprintf "%s|" "$CONSILIUM_FOLDER" "$@"; exit 7\n',
    { mode: 0o755 },
  );
}

Deno.test("the launcher hands a task of deno.json over, from any folder, with its arguments and its exit code", () =>
  inFolder(async (root) => {
    await fakeProject(root);
    const step = launcherSteps({ root, cuda: false })[0]!;
    await perform(step, root);
    const call = (...args: string[]) => ended(launcherPath(root), args, { cwd: "/usr" });
    const task = await call("run", "a b", "--set", "it's=1");
    assertEquals([task.code, task.stderr], [7, ""]);
    assertEquals(task.stdout, `/usr|task|--quiet|--config|${root}/deno.json|run|a b|--set|it's=1|`);
    const help = await call("help", "run");
    assertEquals(help.stdout, `/usr|task|--quiet|--config|${root}/deno.json|run|--help|`);
    for (const args of [[], ["help"], ["--help"], ["rn"]]) {
      assertMatch((await call(...args)).stdout, /^\/usr\|run\|.*\/lib\/commands\/consilium\.ts\|/);
    }
  }));

Deno.test("a task more in deno.json, or another place, makes the launcher stale", () =>
  inFolder(async (root) => {
    await fakeProject(root);
    const step = launcherSteps({ root, cuda: false })[0]!;
    await perform(step, root);
    assertEquals(isDone(step, root), true);
    await Deno.writeTextFile(`${root}/deno.json`, config("run", "check-data", "check-gpu"));
    assertEquals(isDone(step, root), false);
    await perform(step, root);
    assertStringIncludes(await Deno.readTextFile(launcherPath(root)), "run | check-data | check-gpu)");
  }));

Deno.test("shells read the launcher", async () => {
  for (const shell of ["sh", "bash"]) {
    const { code, stderr } = await ended(shell, ["-n", launcherPath()], {});
    assertEquals([code, stderr], [0, ""], shell);
  }
  assertEquals(await Deno.readTextFile(launcherPath()), launcherText(projectRoot));
});

Deno.test("every task but set-up begins with set-up, and prints nothing of deno's own", () => {
  for (const name of taskNames()) {
    const { command, dependencies } = tasks[name]!;
    assertMatch(command, /^deno run --quiet --no-prompt /, name);
    if (name === "setup" || name === "ready") {
      // Without the project's configuration deno installs no package here: the step does, and says so.
      assertStringIncludes(command, "--no-config --no-lock --node-modules-dir=none");
    } else assertEquals(dependencies, ["ready"], name);
  }
  assertEquals(tasks.ready!.command, `${tasks.setup!.command} --quiet`);
});

Deno.test("a pull that changes deno.lock makes set-up install the packages anew", () => {
  const npm = setupSteps({ root: projectRoot, cuda: false }).find(({ name }) => name === "npm packages");
  assert(npm!.inputs().includes(Deno.readTextFileSync(`${projectRoot}/deno.lock`)));
});

Deno.test("from another folder: paths are the caller's, the list and what is no command in our words", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/mine`);
    const call = (...args: string[]) => ended(launcherPath(), args, { cwd: folder });
    const checked = await call("check-data", "mine");
    assertEquals([checked.code, checked.stderr], [1, "  checking mine\n"]);
    assertStringIncludes(checked.stdout, `mine (${folder}/mine): 1 error, 0 warnings`);
    const list = await call();
    assertEquals([list.code, list.stderr], [0, ""]);
    for (const name of taskNames()) {
      assertEquals(list.stdout.includes(`\n  ${name} `), name !== "ready", name);
    }
    assertEquals((await call("--help")).stdout, list.stdout);
    const wrong = await call("swep");
    assertEquals([wrong.code, wrong.stdout], [2, ""]);
    assertMatch(wrong.stderr, /^Cannot start: the command must be one of .*: did you mean sweep\?\n$/);
  }));

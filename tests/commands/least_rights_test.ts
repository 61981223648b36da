/** Each command may do what it needs, and no more. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { ended, taskNames, taskPermissions, tasks } from "../support/commands/tasks.ts";
import { inTempFolder } from "../support/data/datasets/tiny_dataset.ts";

/** What sets up, tests and measures the project starts what it finds: compilers, peers, other commands. */
const anything = [
  "setup",
  "ready",
  "test",
  "test-browser",
  "ok",
  "bench-setup",
  "bench",
  "bench-nnunet",
  "attack",
];

/** Programs that the others may start. */
const PROGRAMS: Record<string, string> = {
  demo: "git,.venv/bin/python",
  run: "git,.venv/bin/python",
  sweep: "git,.venv/bin/python",
  claims: "git,.venv/bin/python",
  lab: ".venv/bin/python",
  explore: ".venv/bin/python",
  report: ".venv/bin/python",
  evaluate: "git",
  "check-gpu": ".venv/bin/python",
};

/** Folders of the project that they may write; the others write where they are told. */
const FOLDERS: Record<string, string> = {
  demo: "data,results",
  run: "data,results",
  sweep: "data,results,.slurm",
  claims: "data,results",
  runs: "data,results",
  lab: "data",
  notebooks: "experiments",
  docs: "docs,experiments",
  "check-data": "data",
};

/** Native code: what computes or draws in the command's own process. */
const NATIVE = ["demo", "predict", "explore", "paper"];

/** Commands that write nothing at all. */
const READERS = ["explore"];

const valueOf = (name: string, permission: string) =>
  taskPermissions(name).find((flag) => flag.split("=")[0] === `--allow-${permission}`)?.replace(
    /^[^=]*=?/,
    "",
  );

for (const name of taskNames().filter((name) => !anything.includes(name))) {
  Deno.test(`${name} may start its programs alone, write its folders alone, and load no more native code than it needs`, () => {
    assertEquals(valueOf(name, "run"), PROGRAMS[name]);
    assertEquals(valueOf(name, "write"), READERS.includes(name) ? undefined : FOLDERS[name] ?? "");
    assertEquals(valueOf(name, "net"), name === "explore" ? "127.0.0.1" : undefined);
    assertEquals(valueOf(name, "ffi"), NATIVE.includes(name) ? "" : undefined);
    for (const never of ["all", "import"]) assertEquals(valueOf(name, never), undefined);
    assert(!/ (-A|-[a-zA-Z]*[NRW])\b/.test(tasks[name]!.command));
  });
}

/** What becomes of the words with the permissions of a task, and with the linker's variables as clusters set them. */
function withRights(name: string, script: string, env: Record<string, string> = {}) {
  const code = `data:text/typescript,${encodeURIComponent(script)}`;
  const words = ["run", "--quiet", "--no-prompt", "--no-check", "--config", "deno.json"];
  return ended(toolPaths().deno, [...words, ...taskPermissions(name, env), code], { cwd: projectRoot, env });
}

Deno.test("a run can neither write elsewhere, nor start another program, nor signal another process", async () => {
  const { stdout } = await withRights(
    "run",
    `const say = (what) => { try { what(); console.log("done"); } catch (error) { console.log(error.name); } };
     say(() => Deno.writeTextFileSync("lib/x.ts", ""));
     say(() => Deno.writeTextFileSync("/tmp/consilium_x", ""));
     say(() => new Deno.Command("sh", { args: ["-c", "true"] }).outputSync());
     say(() => Deno.kill(Deno.ppid, "SIGCONT"));
     say(() => Deno.dlopen("libc.so.6", {}));`,
  );
  assertEquals(stdout, "NotCapable\n".repeat(5));
});

Deno.test("results may lie where the variable says, also below a name with a space", () =>
  inTempFolder(async (root) => {
    const results = join(root, "my results");
    const script = `await Deno.mkdir(Deno.env.get("CONSILIUM_RESULTS") + "/made", { recursive: true });`;
    const { code, stderr } = await withRights("run", script, { CONSILIUM_RESULTS: results });
    assertEquals([code, stderr], [0, ""]);
  }));

Deno.test("the shell of deno task adds that folder to the command's own", async () => {
  const config = await Deno.makeTempDir();
  try {
    const command = tasks.run!.command.replace("deno run", "echo").replace("lib/commands/run.ts", "");
    await Deno.writeTextFile(join(config, "deno.json"), JSON.stringify({ tasks: { say: command } }));
    const said = async (env: Record<string, string>) =>
      (await ended(toolPaths().deno, ["task", "--quiet", "say"], { cwd: config, env })).stdout.trim();
    assertEquals(
      await said({ CONSILIUM_RESULTS: "" }),
      ["--quiet", "--no-prompt", ...taskPermissions("run", { CONSILIUM_RESULTS: "" })].join(" "),
    );
    assertMatch(await said({ CONSILIUM_RESULTS: "/a b/r" }), /--allow-write=data,results,\/a b\/r /);
  } finally {
    await Deno.remove(config, { recursive: true });
  }
});

Deno.test("programs of the machine get the linker's variables, which Deno itself would not hand on", async () => {
  const script = `import { toolOutput } from "file://${projectRoot}/lib/setup/tool_output.ts";
    const { code, stdout } = await toolOutput("printenv", ["LD_LIBRARY_PATH"]);
    console.log(code, stdout.trim());
    console.log((await toolOutput("no-such-program", [])).code);`;
  const { stdout, stderr } = await withRights("run", script, { LD_LIBRARY_PATH: "/opt/drivers" });
  assertEquals([stdout, stderr], ["0 /opt/drivers\n127\n", ""]);
});

import { assertEquals, assertMatch } from "@std/assert";
import { codeOf } from "../../lib/terminal/exit_with.ts";
import { UsageError } from "../../lib/terminal/usage.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { ended } from "../support/commands/tasks.ts";
import { withOutput } from "../support/commands/with_output.ts";

Deno.test("exit codes: the command's own, 2 for a wrong call, 1 for a fault, else what the command says", async () => {
  const fails = (error: Error, onError?: number) =>
    withOutput(() => codeOf(() => Promise.reject(error), [], { onError }));
  assertEquals((await withOutput(() => codeOf(() => Promise.resolve(130), []))).result, 130);
  assertEquals(await fails(new Error("Cannot so")), { result: 2, text: "Cannot so" });
  assertEquals((await fails(new Error("Cannot so"), 1)).result, 1);
  assertEquals((await fails(new UsageError("Cannot so"), 1)).result, 2);
  assertEquals((await fails(new TypeError("x is not a function"))).result, 1);
});

/** Runs a program that ends with `exitWith(command)`. */
async function program(command: string, env: Record<string, string> = {}) {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  const module = `${projectRoot}/lib/terminal/exit_with.ts`;
  await Deno.writeTextFile(file, `import { exitWith } from "${module}";\nawait exitWith(${command});\n`);
  const flags = ["run", "--quiet", "--allow-read", "--allow-env", "--no-prompt"];
  try {
    return await ended(toolPaths().deno, [...flags, file, "argument"], { cwd: projectRoot, env });
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("errors that nobody waits for are one sentence too, code 1; a missing permission is no question", async () => {
  const forgotten =
    '() => { Promise.reject(new Error("Cannot so (x)")); return new Promise((end) => setTimeout(end, 60000)); }';
  assertEquals(await program(forgotten), { code: 1, stdout: "", stderr: "Cannot so (x)\n" });
  const late =
    '() => { setTimeout(() => { throw new Error("Cannot late"); }); return new Promise((end) => setTimeout(end, 60000)); }';
  assertEquals(await program(late), { code: 1, stdout: "", stderr: "Cannot late\n" });
  const writes = '() => Deno.writeTextFile("/tmp/x", "").then(() => 0)';
  const { code, stderr } = await program(writes);
  assertEquals(code, 2);
  assertMatch(
    stderr,
    /^Cannot go on: the command lacks a permission that deno\.json would have to give it \(.*\)\n$/,
  );
});

Deno.test("a command works in the caller's folder; what it starts knows nothing of it", async () => {
  const says =
    '(args) => { console.log(args[0], Deno.cwd(), Deno.env.get("CONSILIUM_FOLDER"), Deno.env.get("CONSILIUM_DATA")); return Promise.resolve(0); }';
  assertEquals(
    (await program(says, { CONSILIUM_FOLDER: "/usr/lib", CONSILIUM_DATA: "../share" })).stdout,
    "argument /usr/lib undefined /usr/share\n",
  );
  assertEquals(
    (await program(says, { CONSILIUM_DATA: "data" })).stdout,
    `argument ${projectRoot} undefined data\n`,
  );
});

Deno.test("CONSILIUM_RESULTS that is a file, or in one, is named before the command begins", async () => {
  const file = await Deno.makeTempFile();
  const command = '() => { console.log("begins"); return Promise.resolve(0); }';
  try {
    for (const results of [file, `${file}/deeper/still`]) {
      assertEquals(await program(command, { CONSILIUM_RESULTS: results }), {
        code: 2,
        stdout: "",
        stderr: `Cannot find results: CONSILIUM_RESULTS must be a folder, ${file} is none\n`,
      });
    }
    for (const results of ["", "/tmp", `${file}_none/deeper`]) {
      assertEquals((await program(command, { CONSILIUM_RESULTS: results })).code, 0, results);
    }
  } finally {
    await Deno.remove(file);
  }
});

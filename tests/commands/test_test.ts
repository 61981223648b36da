import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { withFolder } from "../support/runs/with_folder.ts";

const good = 'Deno.test("a", () => {});\n';
const skipped = 'Deno.test({ name: "b (skipped: no scans)", ignore: true, fn() {} });\n';
const bad = 'Deno.test("c", () => { throw new Error("broken"); });\n';
const capped = `Deno.test("d", () => {
  if (Deno.env.get("ONEDNN_MAX_CPU_ISA") !== "AVX2") throw new Error("no cap");
});\n`;

for (
  const [what, source, options, end] of [
    ["tests that pass, and skipped ones", good + skipped, [], ["1 passed, 0 failed", 0]],
    ["a test that fails", good + bad, [], ["1 passed, 1 failed", 1]],
    ["a file that does not compile", "const a: number = '';", [], ["0 passed, 1 failed", 1]],
    ["--capped", capped, ["--capped"], ["1 passed, 0 failed", 0]],
    ["no --capped", capped, [], ["0 passed, 1 failed", 1]],
    ["a name that no test has", good, ["--filter", "nobody"], ["0 passed, 0 failed", 2]],
  ] as [string, string, string[], [string, number]][]
) {
  Deno.test(`task test: ${what}`, () =>
    withFolder(async (folder) => {
      const file = join(folder, "some_test.ts");
      await Deno.writeTextFile(file, source);
      const { code, stdout } = await new Deno.Command(toolPaths().deno, {
        args: ["run", "-A", "--no-check", "lib/commands/upkeep/test.ts", ...options, file],
        cwd: projectRoot,
        env: { NO_COLOR: "1", ONEDNN_MAX_CPU_ISA: "" },
        stderr: "null",
      }).output();
      const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
      assertEquals([lines.at(-1), code], end);
    }));
}

Deno.test("task test: a file that is not there is said in one line", async () => {
  const { code, stdout, stderr } = await new Deno.Command(toolPaths().deno, {
    args: ["run", "-A", "--no-check", "lib/commands/upkeep/test.ts", "tests/nowhere_test.ts"],
    cwd: projectRoot,
  }).output();
  const [said, complained] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  const path = join(projectRoot, "tests/nowhere_test.ts");
  assertEquals([said, complained, code], ["", `Cannot test: there is no such file or folder (${path})\n`, 2]);
});

Deno.test("task test: an option that is none is said at once, with the nearest; what follows --filter is none", () =>
  withFolder(async (folder) => {
    const file = join(folder, "some_test.ts");
    await Deno.writeTextFile(file, good);
    const test = async (...options: string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(toolPaths().deno, {
        args: ["run", "-A", "--no-check", "lib/commands/upkeep/test.ts", ...options, file],
        cwd: projectRoot,
        env: { NO_COLOR: "1" },
      }).output();
      return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
    };
    for (const [option, meant] of [["--hlp", "--help"], ["--fail-fats=3", "--fail-fast"]] as const) {
      const { code, stdout, stderr } = await test(option);
      assertEquals([code, stdout], [2, ""]);
      assertEquals(
        stderr.match(/^Cannot test: an option must be one of .*: did you mean (.*)\?\n$/)?.[1],
        meant,
      );
    }
    assertEquals(
      (await test("--fail-fast=3", "--no-check", "--filter", "-x")).code,
      2,
      "no test has such a name",
    );
    assertEquals((await test("--fail-fast=3", "--no-check", "--filter", "/^a$/")).code, 0);
  }));

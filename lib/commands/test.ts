/**
 * The command `test [files…]`: runs the tests, and ends with the line `N passed, N failed`.
 *
 * @module
 */
import { projectRoot, toolPaths } from "../runtime/tool_paths.ts";
import { typed } from "../runtime/typed.ts";
import { showHelp } from "./usage.ts";

if (Deno.args.includes("--help") || Deno.args.includes("-h")) {
  Deno.exit(showHelp(`Usage: ${typed("test [files or folders…] [options of deno test]")}

Runs the tests: all but those of tests/browser, or the files and folders named,
with their paths from the project's folder. The last line is N passed, N failed.

  ${typed("test tests/losses/")}
  ${typed("test --filter sweep")}`));
}

// The tests start kernels, compilers' stand-ins and other programs; of the network they see this machine only.
const permissions = ["read", "write", "env", "ffi", "sys", "run", "net=localhost,127.0.0.1"].map((name) =>
  `--allow-${name}`
);

const paths = Deno.args.length > 0 ? Deno.args : ["tests/", "--ignore=tests/browser/"];
const child = new Deno.Command(toolPaths().deno, {
  args: ["test", "--no-prompt", ...permissions, ...paths],
  cwd: projectRoot,
  env: { ...Deno.stdout.isTerminal() ? { FORCE_COLOR: "1" } : {} },
  stdout: "piped",
}).spawn();

let end = ""; // the last printed characters: the summary is among them
const decoder = new TextDecoder();
for await (const bytes of child.stdout) {
  await Deno.stdout.write(bytes);
  end = (end + decoder.decode(bytes, { stream: true })).slice(-2000);
}
const { success } = await child.status;
const [, passed, failed] = [...end.matchAll(/(\d+) passed[^|]*\| (\d+) failed/g)].at(-1) ?? [null, "0", "0"];
// A file that does not compile is no failed test to Deno, but it is to us.
const failures = success ? 0 : Math.max(1, Number(failed));
console.log(`${passed} passed, ${failures} failed`);
Deno.exit(success ? 0 : 1);

/**
 * The command `test [--capped] [files…]`: runs the tests, and ends with the line `N passed, N failed`.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { projectRoot, toolPaths } from "../runtime/tool_paths.ts";
import { typed } from "../runtime/typed.ts";
import { showHelp } from "./usage.ts";

if (Deno.args.includes("--help") || Deno.args.includes("-h")) {
  Deno.exit(showHelp(`Usage: ${typed("test [files or folders…] [options of deno test]")}

Runs the tests: all but those of tests/browser, or the files and folders named,
with their paths from the project's folder. The last line is N passed, N failed.

  --capped   the numerical tests, as on a processor with AVX2 alone

  ${typed("test tests/losses/")}
  ${typed("test --filter sweep")}`));
}

// The tests start kernels, compilers' stand-ins and other programs; of the network they see this machine only.
const permissions = ["read", "write", "env", "ffi", "sys", "run", "net=localhost,127.0.0.1"].map((name) =>
  `--allow-${name}`
);

/** What TensorFlow computes. */
const numerical = ["tests/losses/", "tests/models/", "tests/stages/"];

// With `--capped` oneDNN computes as on a processor with AVX2 alone, in other kernels and in another order.
const capped = Deno.args.includes("--capped");
const files = Deno.args.filter((arg) => arg !== "--capped");
const all = capped ? numerical : ["tests/", "--ignore=tests/browser/"];

// Deno answers a missing file with a stack. What follows an option is its value, as in `--filter sweep`.
const missing = files.find((arg, index) =>
  !arg.startsWith("-") && !files[index - 1]?.startsWith("--") && !/[*?[{]/.test(arg) &&
  !existsSync(resolve(projectRoot, arg))
);
if (missing !== undefined) {
  console.error(`Cannot test: there is no such file or folder (${resolve(projectRoot, missing)})`);
  Deno.exit(2);
}

console.error("Checking types first; after a change to many files this takes minutes …");
const child = new Deno.Command(toolPaths().deno, {
  args: ["test", "--quiet", "--no-prompt", ...permissions, ...files.length > 0 ? files : all],
  cwd: projectRoot,
  env: {
    ...Deno.stdout.isTerminal() ? { FORCE_COLOR: "1" } : {},
    ...capped ? { ONEDNN_MAX_CPU_ISA: "AVX2" } : {},
  },
  stdout: "piped",
}).spawn();

let end = ""; // the last printed characters: the summary is among them
const decoder = new TextDecoder();
for await (const bytes of child.stdout) {
  for (let written = 0; written < bytes.length;) written += await Deno.stdout.write(bytes.subarray(written));
  end = (end + decoder.decode(bytes, { stream: true })).slice(-2000);
}
const { success } = await child.status;
const [, passed, failed] = [...end.matchAll(/(\d+) passed[^|]*\| (\d+) failed/g)].at(-1) ?? [null, "0", "0"];
// A file that does not compile is no failed test to Deno, but it is to us.
const failures = success ? 0 : Math.max(1, Number(failed));
// Names that no test has are a mistake, and no success.
const nothing = success && /\b0 passed \| 0 failed \| \d+ filtered out/.test(end);
if (nothing) console.error("Cannot test: no test has such a name");
console.log(`${passed} passed, ${failures} failed`);
Deno.exit(nothing ? 2 : success ? 0 : 1);

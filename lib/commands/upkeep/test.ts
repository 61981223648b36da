/**
 * The command `test [--capped] [files…]`: runs the tests, and ends with the line `N passed, N failed`.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { projectRoot, toolPaths } from "../../setup/tool_paths.ts";
import { typed } from "../../setup/typed.ts";
import { unknownName } from "../../text/unknown_name.ts";
import { showHelp } from "../../terminal/usage.ts";

if (Deno.args.includes("--help") || Deno.args.includes("-h")) {
  Deno.exit(showHelp(`Usage: ${typed("test [files or folders…] [options of deno test]")}

Runs the tests: all but those of tests/browser, or the files and folders named,
with their paths from the project's folder. The last line is N passed, N failed.

  --capped   the numerical tests, as on a processor with AVX2 alone

  ${typed("test tests/losses/")}
  ${typed("test --filter sweep")}`));
}

/** Of `deno test`, those that are handed on. */
const handedOn = [
  "capped",
  "help",
  "filter",
  "fail-fast",
  "parallel",
  "no-check",
  "trace-leaks",
  "shuffle",
  "ignore",
]
  .concat([
    "coverage",
    "doc",
    "permit-no-files",
    "reporter",
    "junit-path",
    "hide-stacktraces",
    "watch",
    "inspect",
  ])
  .concat(["inspect-brk", "inspect-wait", "quiet"]).map((name) => `--${name}`);

const nameOf = (option: string) => option.split("=")[0]!;

// A mistake is said before types are checked for minutes. What follows --filter is its value.
const wrong = Deno.args.find((arg, index) =>
  arg.startsWith("-") && !handedOn.includes(nameOf(arg)) && Deno.args[index - 1] !== "--filter"
);
if (wrong !== undefined) {
  console.error(`Cannot test: an option ${unknownName(nameOf(wrong), handedOn)}`);
  Deno.exit(2);
}

// The tests start kernels, compilers' stand-ins and other programs; of the network they see this machine only.
const permissions = ["read", "write", "env", "ffi", "sys", "run", "net=localhost,127.0.0.1"].map((name) =>
  `--allow-${name}`
);

/** What TensorFlow computes. */
const numerical = ["losses", "models", "training", "inference", "labels", "methods"].map((name) =>
  `tests/${name}/`
);

// With `--capped` oneDNN computes as on a processor with AVX2 alone, in other kernels and in another order.
const capped = Deno.args.includes("--capped");
const files = Deno.args.filter((arg) => arg !== "--capped");

/** About half of the time, mostly spent in programs that these tests start: they run beside the others. */
const waiting = ["commands", "experiments", "gpu", "notebook", "notebooks", "runs", "terminal", "workbench"]
  .map((name) => `tests/${name}/`);
const others = ["tests/", `--ignore=${["tests/browser/", ...waiting].join(",")}`];
const groups = files.length > 0 ? [files] : capped ? [numerical] : [waiting, others];

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

interface Outcome {
  passed: number;
  failed: number;
  /** There are tests, and none of them has the wanted name. */
  nothing: boolean;
}

/** Runs tests in a process of their own. What it prints is shown as it comes, or, where another is shown already, at its end. */
async function runTests(
  tests: readonly string[],
  { show }: { show: "now" | "later" },
): Promise<() => Promise<Outcome>> {
  const child = new Deno.Command(toolPaths().deno, {
    args: ["test", "--quiet", "--no-prompt", ...permissions, ...tests],
    cwd: projectRoot,
    env: {
      ...Deno.stdout.isTerminal() ? { FORCE_COLOR: "1" } : {},
      ...capped ? { ONEDNN_MAX_CPU_ISA: "AVX2" } : {},
    },
    stdout: "piped",
  }).spawn();
  const pieces: Uint8Array[] = [];
  for await (const bytes of child.stdout) {
    pieces.push(bytes);
    if (show === "now") await write(bytes);
  }
  const { success } = await child.status;
  return async () => {
    if (show === "later") { for (const bytes of pieces) await write(bytes); }
    return outcomeOf(await new Blob(pieces as BlobPart[]).text(), success);
  };
}

async function write(bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await Deno.stdout.write(bytes.subarray(written));
}

function outcomeOf(printed: string, success: boolean): Outcome {
  const [, passed, failed] = [...printed.matchAll(/(\d+) passed[^|]*\| (\d+) failed/g)].at(-1) ??
    [null, "0", "0"];
  return {
    passed: Number(passed),
    // A file that does not compile is no failed test to Deno, but it is to us.
    failed: success ? 0 : Math.max(1, Number(failed)),
    nothing: success && /\b0 passed \| 0 failed \| \d+ filtered out/.test(printed),
  };
}

const running = groups.map((tests, index) => runTests(tests, { show: index === 0 ? "now" : "later" }));
const outcomes: Outcome[] = [];
for (const ended of running) outcomes.push(await (await ended)());
const [passed, failed] = [
  outcomes.reduce((sum, { passed }) => sum + passed, 0),
  outcomes.reduce((sum, { failed }) => sum + failed, 0),
];
// Names that no test has are a mistake, and no success.
const nothing = outcomes.every(({ nothing }) => nothing);
if (nothing) console.error("Cannot test: no test has such a name");
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(nothing ? 2 : failed > 0 ? 1 : 0);

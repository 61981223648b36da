/**
 * The command `ok`: what to run before every commit. Format, lint, types, and the tests that take no minute.
 *
 * @module
 */
import { projectRoot, toolPaths } from "../../setup/tool_paths.ts";
import { typed } from "../../setup/typed.ts";
import { exitWith } from "../../terminal/exit_with.ts";
import { readArguments } from "../../terminal/read_arguments.ts";
import { showHelp } from "../../terminal/usage.ts";

const usage = () =>
  `Usage: ${typed("ok")}

Checks format, lint and types, and runs the quick tests; ends with code 1 where
something is wrong, after all of them. Every test is run by:

  ${typed("test")}`;

/** Rooms whose tests start no other program and train nothing. */
const quick = ["comparison", "data", "docs", "files", "imaging", "losses", "metrics", "text"];

const steps: readonly [what: string, command: readonly string[]][] = [
  ["format", ["fmt", "--check", "--quiet"]],
  ["lint", ["lint", "--quiet"]],
  ["types", ["check", "--quiet", "lib", "tests", "benchmarks"]],
  ["quick tests", [
    "test",
    "--quiet",
    "--no-check",
    "-A",
    "--parallel",
    ...quick.map((room) => `tests/${room}/`),
  ]],
];

/** Runs the command; returns the exit code. */
export async function ok(args: string[]): Promise<number> {
  const { values } = readArguments(args, { action: "check", most: 0 });
  if (values.help) return showHelp(usage());
  const wrong: string[] = [];
  for (const [what, command] of steps) {
    const started = performance.now();
    const { code, stdout, stderr } = await new Deno.Command(toolPaths().deno, {
      args: [...command],
      cwd: projectRoot,
      env: { NO_COLOR: "1" },
    }).output();
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`${what}: ${code === 0 ? "good" : "wrong"} (${seconds} s)`);
    if (code === 0) continue;
    wrong.push(what);
    await Deno.stdout.write(stdout);
    await Deno.stderr.write(stderr);
  }
  if (wrong.length > 0) console.error(`Wrong: ${wrong.join(", ")}`);
  return wrong.length > 0 ? 1 : 0;
}

if (import.meta.main) await exitWith(ok);

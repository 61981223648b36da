/**
 * Programs of the benchmarks that run once.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { BenchmarkContext } from "../harness/benchmark.ts";
import { runCommand } from "../../lib/setup/steps/command.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";

/** Runs a program of ours to its end. @returns what it printed */
export async function runProgram({ deno }: BenchmarkContext, args: string[]): Promise<string> {
  const { dieWithParent } = toolPaths();
  return await runCommand(`run ${args[0]}`, [...dieWithParent, projectRoot, deno, "run", "-A", ...args]);
}

/** Whether convolutions in bfloat16 are faster on this machine. */
export async function hasBfloat16Here(context: BenchmarkContext): Promise<boolean> {
  const printed = await runProgram(context, [fromFileUrl(new URL("has_bfloat16.ts", import.meta.url))]);
  return printed.trim() === "true";
}

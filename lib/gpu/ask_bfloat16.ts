/**
 * Whether this machine computes with bfloat16, asked without loading TensorFlow.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { toolOutput } from "../setup/tool_output.ts";
import { toolPaths } from "../setup/tool_paths.ts";

const program = fromFileUrl(new URL("./say_bfloat16.ts", import.meta.url));

let asked: Promise<string | undefined> | undefined;

/**
 * What `missingBfloat16` (lib/tensors/bfloat16.ts) says, in a process of its own: TensorFlow knows of a GPU, and a command that only starts
 * notebooks may not load native code.
 */
export function askMissingBfloat16(): Promise<string | undefined> {
  return asked ??= ask();
}

async function ask(): Promise<string | undefined> {
  const run = ["run", "-A", "--quiet", "--no-check", program];
  const { success, stdout, stderr } = await toolOutput(toolPaths().deno, run);
  if (!success) {
    throw new Error(stderr.trim().replace(/^error: (Uncaught )?(\(in promise\) )?(\w*Error: )?/, ""));
  }
  return JSON.parse(stdout.trim().split("\n").at(-1)!) ?? undefined;
}

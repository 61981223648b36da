/**
 * Asking a device in a process of its own.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { toolOutput } from "../setup/tool_output.ts";
import { toolPaths } from "../setup/tool_paths.ts";
import type { Ask } from "./check_device.ts";

const program = fromFileUrl(new URL("./probe.ts", import.meta.url));

/**
 * A process a question. The answer throws with the last words of a process that fails.
 *
 * @param env added to the environment: what the process is to see and how it is to compute
 */
export function askDevice(env: Record<string, string>): Ask {
  return async (question) => {
    const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-ffi", "--allow-sys"];
    const run = ["run", "--quiet", "--no-check", ...permissions, program, JSON.stringify(question)];
    const { success, code, stdout, stderr } = await toolOutput(toolPaths().deno, run, {
      env: { ...env, NO_COLOR: "1" },
    });
    if (success) return JSON.parse(stdout.trim().split("\n").at(-1)!);
    // The stack of the program is no help; its first line says what happened.
    const complained = stderr.trim();
    const words = complained.split("\n").find((line) => /error|fail|out of memory/i.test(line)) ?? complained;
    const reason = words.replace(/^error: (Uncaught )?(\(in promise\) )?(\w*Error: )?/, "");
    throw new Error(`Cannot ask the device: ${reason.slice(0, 500) || `the process ended with ${code}`}`);
  };
}

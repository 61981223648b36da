/**
 * Asking a device in a process of its own.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { ToolPaths } from "../setup/tool_paths.ts";
import type { Ask } from "./check_device.ts";

export interface AskDeviceOptions {
  tools: Pick<ToolPaths, "deno" | "dieWithParent">;
  /** The project's folder. */
  cwd: string;
  /** Added to the environment: what the process is to see and how it is to compute. */
  env: Record<string, string>;
}

const program = fromFileUrl(new URL("./probe.ts", import.meta.url));

/** A process a question. The answer throws with the last words of a process that fails. */
export function askDevice({ tools, cwd, env }: AskDeviceOptions): Ask {
  const [wrapper, ...wrapped] = tools.dieWithParent;
  return async (question) => {
    const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-ffi", "--allow-sys"];
    const run = [
      tools.deno,
      "run",
      "--quiet",
      "--no-check",
      ...permissions,
      program,
      JSON.stringify(question),
    ];
    const { success, code, stdout, stderr } = await new Deno.Command(wrapper, {
      args: [...wrapped, cwd, ...run],
      env: { ...env, NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    if (success) return JSON.parse(text(stdout).split("\n").at(-1)!);
    // The stack of the program is no help; its first line says what happened.
    const complained = text(stderr);
    const words = complained.split("\n").find((line) => /error|fail|out of memory/i.test(line)) ?? complained;
    const reason = words.replace(/^error: (Uncaught )?(\(in promise\) )?(\w*Error: )?/, "");
    throw new Error(`Cannot ask the device: ${reason.slice(0, 500) || `the process ended with ${code}`}`);
  };
}

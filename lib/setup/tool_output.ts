/**
 * What a program of the machine says, such as NVIDIA's or Slurm's.
 *
 * @module
 */
import { toolEnvironment } from "./tool_environment.ts";
import { projectRoot, toolPaths } from "./tool_paths.ts";

/** The exit code of a program that is not there, as shells give it. */
export const MISSING = 127;

export interface ToolOutput {
  success: boolean;
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end, with nothing to read. A command needs permission for the project's Python alone, which starts it with
 * the user's own linker variables; it dies with this process.
 */
export async function toolOutput(
  program: string,
  args: readonly string[],
  { env = {} }: { env?: Record<string, string> | undefined } = {},
): Promise<ToolOutput> {
  const [python, ...wrapper] = toolPaths().dieWithParent;
  const { success, code, stdout, stderr } = await new Deno.Command(python, {
    args: [...wrapper, projectRoot, program, ...args],
    clearEnv: true,
    env: { ...toolEnvironment(), ...env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { success, code, stdout: text(stdout), stderr: text(stderr) };
}

/** Scripts in a process of their own, since what is loaded there stays loaded. */
import { projectRoot, toolPaths } from "../../../lib/setup/tool_paths.ts";

export interface ScriptOptions {
  /** Added to the environment, or all of it. @default {} */
  env?: Record<string, string>;
  /** @default false */
  clearEnv?: boolean;
  /** @default all */
  permissions?: readonly string[];
}

export interface ScriptEnd {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs TypeScript in the project's folder; its imports name files from there on, such as "lib/tensors/tf.ts". */
export async function runScript(script: string, options: ScriptOptions = {}): Promise<ScriptEnd> {
  const located = script.replaceAll(/(["'])(lib|tests)\//g, `$1file://${projectRoot}/$2/`);
  return await runDeno([
    "run",
    "--config=deno.json",
    ...options.permissions ?? ["-A"],
    `data:text/typescript,${encodeURIComponent(located)}`,
  ], options);
}

/** Runs the project's Deno in its folder. */
export async function runDeno(
  args: string[],
  { env = {}, clearEnv = false }: ScriptOptions = {},
): Promise<ScriptEnd> {
  const { code, stdout, stderr } = await new Deno.Command(toolPaths().deno, {
    args,
    cwd: projectRoot,
    clearEnv,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

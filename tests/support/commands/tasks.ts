/** Tasks of deno.json as `deno task` starts them, without set-up before them. */
import { join } from "@std/path";
import { projectRoot, toolPaths } from "../../../lib/setup/tool_paths.ts";

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

interface Task {
  description: string;
  command: string;
  dependencies?: string[];
}

/** The project's tasks by name. */
export const tasks: Record<string, Task> =
  JSON.parse(Deno.readTextFileSync(join(projectRoot, "deno.json"))).tasks;

/** Folder of results that a task may write beside the project's own, as `deno task` puts it into the command. */
const ownResults = '$(test -n "$CONSILIUM_RESULTS" && echo ,$CONSILIUM_RESULTS)';

/** What a task gives to Deno, as the shell of `deno task` reads it. */
export function taskWords(name: string, env: Record<string, string> = {}): string[] {
  const results = env.CONSILIUM_RESULTS ?? Deno.env.get("CONSILIUM_RESULTS") ?? "";
  const command = tasks[name]!.command.replaceAll(ownResults, results && `,${results}`);
  return [...command.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word).slice(1);
}

/** The permissions among them. */
export function taskPermissions(name: string, env: Record<string, string> = {}): string[] {
  return taskWords(name, env).filter((word) => word.startsWith("--allow-"));
}

export const taskNames = () => Object.keys(tasks);

/** Runs a task's command to its end. @param env added to the environment. @default nothing */
export async function startTask(
  name: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  return await ended(toolPaths().deno, [...taskWords(name, env), ...args], { cwd: projectRoot, env });
}

/** Runs a program to its end. */
export async function ended(
  program: string,
  args: string[],
  options: Pick<Deno.CommandOptions, "cwd" | "env">,
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    ...options.cwd === undefined ? {} : { cwd: options.cwd },
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

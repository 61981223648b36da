/**
 * How a command begins and ends as a program.
 *
 * @module
 */
import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { callersFolder } from "../setup/launcher.ts";
import { projectRoot } from "../setup/tool_paths.ts";
import { errorText, isFault } from "../text/error_text.ts";
import { UsageError } from "./usage.ts";

export interface ExitOptions {
  /** Exit code when the command throws; called wrongly, it is always 2. @default 2 */
  onError?: number | undefined;
}

type Command = (args: string[]) => Promise<number>;

/** Runs a command with the program's arguments and ends the program with its code; an error is its message. */
export async function exitWith(command: Command, options: ExitOptions = {}): Promise<never> {
  enterCallersFolder();
  const fail = (error: unknown): never => {
    console.error(errorText(error));
    return Deno.exit(1);
  };
  addEventListener("error", (event) => fail(event.error));
  addEventListener("unhandledrejection", (event) => fail(event.reason));
  const checked = (args: string[]) => {
    checkResultsFolder();
    return command(args);
  };
  return Deno.exit(await codeOf(checked, Deno.args, options));
}

/** Runs a command; returns its exit code, having told an error where it throws. */
export async function codeOf(
  command: Command,
  args: string[],
  { onError = 2 }: ExitOptions = {},
): Promise<number> {
  try {
    return await command(args);
  } catch (error) {
    console.error(errorText(error));
    return error instanceof UsageError ? 2 : isFault(error) ? 1 : onError;
  }
}

/** @throws {UsageError} CONSILIUM_RESULTS names something that is no folder, or lies in something that is none. */
function checkResultsFolder(): void {
  const results = Deno.env.get("CONSILIUM_RESULTS");
  if (!results) return;
  if (results.includes(",")) {
    // deno.json gives it to Deno in a list of folders.
    throw new UsageError(
      `Cannot find results: CONSILIUM_RESULTS must be a path without a comma, it is ${results}`,
    );
  }
  let path = resolve(projectRoot, results);
  while (!existsSync(path)) path = dirname(path);
  if (statSync(path).isDirectory()) return;
  throw new UsageError(`Cannot find results: CONSILIUM_RESULTS must be a folder, ${path} is none`);
}

/**
 * Paths that are typed are those of the folder they are typed in. `deno task` starts commands in the project's folder, so
 * the launcher tells the other one. Kernels and programs that the command starts know the project's only.
 */
function enterCallersFolder(): void {
  const folder = Deno.env.get(callersFolder);
  if (folder === undefined) return;
  Deno.env.delete(callersFolder);
  Deno.chdir(folder);
  const data = Deno.env.get("CONSILIUM_DATA");
  if (data) Deno.env.set("CONSILIUM_DATA", resolve(data));
}

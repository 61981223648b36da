/**
 * What the launcher says without a command: which ones there are; and of a word that is none.
 *
 * @module
 */
import { join } from "node:path";
import { projectRoot } from "../setup/tool_paths.ts";
import { columns } from "../text/columns.ts";
import { typed } from "../setup/typed.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { showHelp, UsageError } from "../terminal/usage.ts";

/** A task of deno.json. */
interface Task {
  description: string;
  command: string;
}

function configuration(): { version: string; tasks: Record<string, Task> } {
  return JSON.parse(Deno.readTextFileSync(join(projectRoot, "deno.json")));
}

/** Commands by name: the tasks, without the one that the others begin with. */
function commands(): [name: string, task: Task][] {
  return Object.entries(configuration().tasks).filter(([name]) => name !== "ready");
}

function usage(): string {
  const list = columns(commands().map(([name, { description }]) => [name, description]));
  return `Usage: consilium <command> [arguments…]

${list}

consilium <command> --help says which experiments, cohorts, parameters and
options there are; consilium --version, which version this is.`;
}

/** Runs the command; returns the exit code. */
export async function consilium([command]: string[]): Promise<number> {
  if (command === undefined || ["--help", "-h", "help"].includes(command)) return showHelp(usage());
  if (command === "--version" || command === "-V") return showHelp(`consilium ${configuration().version}`);
  const names = commands().map(([name]) => name);
  if (names.includes(command)) {
    throw new UsageError(
      `Cannot ${command}: the launcher is older than the project; type: ${typed("setup")}`,
    );
  }
  const { unknownName } = await import("../text/unknown_name.ts"); // of npm: not needed for the list
  throw new UsageError(`Cannot start: the command ${unknownName(command, names)}`);
}

if (import.meta.main) await exitWith(consilium);

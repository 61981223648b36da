/** Tasks on the tiny cohort, started as `deno task` starts them, into a folder of results of their own. */
import { join } from "@std/path";
import { projectRoot, toolPaths } from "../../../lib/setup/tool_paths.ts";
import { taskPermissions } from "../commands/tasks.ts";
import type { RunEvent } from "../../../lib/runs/progress/watchers.ts";

/** The cohort's path as it is typed in the project's folder. */
export const tinyCohort = "tests/support/experiments/tiny.json";

/**
 * Models that have learnt next to nothing are sure of nothing: without filters they make pseudo labels nevertheless.
 */
export const lively = ["confidenceFilter=0", "agreementFilter=0", "volumeFilter=0", "featureFilter=0"];

/** Name of the cohort, and of its folder of results. */
export const tinyName = "phantom_tiny";

export interface TaskOptions {
  /** Folder of results. */
  results: string;
  /** A program that starts the task, with its arguments. @default none */
  prefix?: readonly string[] | undefined;
  /** What the module may do. @default what the task `run` may */
  permissions?: readonly string[];
}

export interface TaskEnd {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Task {
  readonly process: number;
  kill(signal: Deno.Signal): void;
  readonly ended: Promise<TaskEnd>;
}

/** Starts a module with the permissions of a task. */
export function startModule(module: string, args: string[], options: TaskOptions): Task {
  const flags = options.permissions ?? taskPermissions("run", { CONSILIUM_RESULTS: options.results });
  const [program, ...rest] = [
    ...options.prefix ?? [],
    ...[toolPaths().deno, "run", "--no-check", ...flags, module, ...args],
  ];
  const child = new Deno.Command(program!, {
    args: rest,
    cwd: projectRoot,
    env: { CONSILIUM_RESULTS: options.results, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const ended = child.output().then(({ code, stdout, stderr }) => ({
    code,
    stdout: text(stdout),
    stderr: text(stderr),
  }));
  return { process: child.pid, kill: (signal) => child.kill(signal), ended };
}

/** Starts `task run <experiment>` on the tiny cohort. */
export function startArm(
  experiment: string,
  options: TaskOptions & { set?: readonly string[] },
): Task {
  const settings = (options.set ?? []).flatMap((setting) => ["--set", setting]);
  const args = [experiment, "--cohort", tinyCohort, ...settings];
  return startModule("lib/commands/run.ts", args, options);
}

/** What the kernel of an unfinished run has said; nothing while there is none. */
export async function eventsOf(folder: string): Promise<RunEvent[]> {
  const text = await Deno.readTextFile(join(folder, "progress.jsonl")).catch(() => "");
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

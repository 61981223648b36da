/**
 * Runs a notebook through papermill on the Deno kernel.
 *
 * @module
 */
import { fromFileUrl, resolve } from "@std/path";
import { z } from "zod";
import { toolEnvironment } from "../../setup/tool_environment.ts";
import type { ToolPaths } from "../../setup/tool_paths.ts";
import type { Parameters } from "./parameters.ts";
import { followEvents, type RunEvent } from "../progress/watchers.ts";

export interface ExecuteOptions {
  /** Where the executed notebook is saved after every cell. */
  output: string;
  /** Values that stand instead of the notebook's own. */
  parameters: Parameters;
  /** The Python that has papermill and the kernelspec, and what makes a program die with its parent. */
  tools: Pick<ToolPaths, "python" | "dieWithParent">;
  /** The kernel's working directory: the project's root, where the import map is. */
  cwd: string;
  /** Name of the kernelspec. @default "deno" */
  kernel?: string;
  /** Added to the kernel's environment. @default nothing */
  env?: Record<string, string> | undefined;
  /** File of the kernel's events, see watchers.ts. */
  events: string;
  onEvent: (event: RunEvent) => void;
  /**
   * Asks the notebook to stop: the kernel gets SIGINT, so that it saves a checkpoint. When it has not said its process
   * yet, it is ended. @default never
   */
  stop?: AbortSignal | undefined;
  /** Ends kernel and notebook at once. @default never */
  kill?: AbortSignal | undefined;
}

const failure = z.object({ name: z.string(), message: z.string(), cell: z.number().nullable() });

/** What a failed notebook says: the error of the failing cell, counted from 0; null when it was not a cell's. */
export interface NotebookFailure extends z.infer<typeof failure> {
  /** Its process was ended from outside, such as for want of memory: no error says why, and another try may go well. @default false */
  crashed?: boolean;
}

/** What is said of it: the kind of error only where the message is none of ours. */
export function failureText({ name, message }: NotebookFailure): string {
  return name === "Error" || /^Cannot /.test(message) ? message : `${name}: ${message}`;
}

const runner = fromFileUrl(new URL("../../setup/python/run_notebook.py", import.meta.url));

/** Longest piece of what papermill wrote to stderr that an error quotes, characters. */
const tailLength = 2000;

/**
 * Executes a notebook to its end.
 *
 * papermill, and with it the kernel, dies with this process, also by kill -9.
 *
 * @returns what failed, or undefined when every cell went well
 */
export async function executeNotebook(
  notebook: string,
  options: ExecuteOptions,
): Promise<NotebookFailure | undefined> {
  const task = {
    input: resolve(notebook),
    output: resolve(options.output),
    parameters: options.parameters,
    kernel: options.kernel ?? "deno",
    cwd: resolve(options.cwd),
  };
  const { python, dieWithParent: [program, ...args] } = options.tools;
  const papermill = new Deno.Command(program, {
    args: [...args, task.cwd, python, "-I", runner, JSON.stringify(task)],
    clearEnv: true,
    env: { ...toolEnvironment(), ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let kernelRuns = false;
  const ended = new AbortController();
  const following = followEvents(options.events, {
    signal: ended.signal,
    onEvent(event) {
      if (event.kind === "kernel") kernelRuns = true;
      options.onEvent(event);
    },
  });
  const end = () => signal(papermill, "SIGKILL"); // the kernel dies with it
  const stop = () => kernelRuns ? signal(papermill, "SIGUSR1") : end(); // run_notebook.py interrupts the kernel
  options.stop?.addEventListener("abort", stop);
  options.kill?.addEventListener("abort", end);
  if (options.stop?.aborted || options.kill?.aborted) end(); // before there was anybody to tell
  const [status, output, errors] = await Promise.all([
    papermill.status,
    text(papermill.stdout),
    text(papermill.stderr),
  ]);
  ended.abort();
  await following;
  options.stop?.removeEventListener("abort", stop);
  options.kill?.removeEventListener("abort", end);
  if (status.success) return undefined;
  return readFailure(output) ??
    {
      name: "PapermillError",
      message: errors.slice(-tailLength).trim() || `ended with ${status.signal ?? status.code}`,
      cell: null,
      // Python itself ends with 1 or 2, and says why.
      crashed: status.signal !== null || status.code > 2,
    };
}

function text(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).text();
}

function readFailure(output: string): NotebookFailure | undefined {
  try {
    const read = failure.parse(JSON.parse(output.trim().split("\n").at(-1)!));
    return { ...read, crashed: read.cell === null && read.name === "DeadKernelError" }; // as Jupyter's client says it
  } catch {
    return undefined; // papermill itself broke
  }
}

function signal(process: Deno.ChildProcess, name: Deno.Signal): void {
  try {
    process.kill(name);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause; // it has ended by itself
  }
}

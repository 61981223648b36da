/**
 * A process that does one piece of work over and over on request, and is measured from outside: ours and a peer's alike.
 *
 * @module
 */
import { toolEnvironment } from "../../lib/setup/tool_environment.ts";
import { toolPaths } from "../../lib/setup/tool_paths.ts";

export interface ContestantOptions {
  /** As it is called in tables, such as "PyTorch, channels last". */
  name: string;
  /** Absolute path of the program, and arguments. */
  command: readonly string[];
  /** Working directory. @default this process's */
  folder?: string;
  /** Added to the environment. @default {} */
  env?: Record<string, string>;
}

/** One repetition. */
export interface Repetition {
  seconds: number;
  /** Numbers that the other contestants must reproduce. */
  output: number[];
}

/** A started contestant that has loaded everything and waits. */
export interface Contestant {
  name: string;
  repeat(): Promise<Repetition>;
  /** Resident memory as it is, MiB. */
  residentMiB(): Promise<number>;
  /** Begins a new measurement of the peak. */
  resetPeak(): Promise<void>;
  /** Highest resident memory since the last reset, MiB. */
  peakMiB(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Starts a contestant and waits until it is ready. It answers as `serveContestant` does.
 *
 * @throws Error with the last lines that the process wrote when it ends before it answers
 */
export async function startContestant(options: ContestantOptions): Promise<Contestant> {
  const { name, command, folder = Deno.cwd(), env } = options;
  // A benchmark that is stopped or killed takes its contestants with it.
  const [program, ...args] = [...toolPaths().dieWithParent, folder, ...command];
  const process = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { ...toolEnvironment(), NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = tailOf(process.stderr);
  const answers = linesOf(process.stdout);
  const stdin = process.stdin.getWriter();

  async function endedError(): Promise<Error> {
    const { code } = await process.status;
    return new Error(`Cannot measure ${name}: it ended with code ${code}: ${(await errors).trim()}`);
  }

  async function answer<T>(): Promise<T> {
    const { value, done } = await answers.next();
    if (done) throw await endedError();
    return JSON.parse(value) as T;
  }

  // Linux tells a process's memory, and forgets its peak, in /proc, which Deno itself reads with all permissions only.
  async function status(key: string): Promise<number> {
    const { text } = await shell(`cat /proc/${process.pid}/status`);
    const found = text.match(new RegExp(`^${key}:\\s+(\\d+) kB`, "m"));
    if (!found) throw await endedError(); // a process that has ended has no memory
    return Number(found[1]) / 1024;
  }

  async function resetPeak(): Promise<void> {
    const command = `echo 5 > /proc/${process.pid}/clear_refs`;
    if ((await shell(command)).success) return;
    await status("VmRSS");
    throw new Error(`Cannot measure the peak memory of ${name}: \`${command}\` failed`);
  }

  await answer<{ ready: true }>();
  return {
    name,
    async repeat() {
      // One that has ended cannot be written to; why it ended is said by `answer`.
      await stdin.write(new TextEncoder().encode("\n")).catch(() => {});
      return await answer<Repetition>();
    },
    residentMiB: () => status("VmRSS"),
    resetPeak,
    peakMiB: () => status("VmHWM"),
    async close() {
      await stdin.close().catch(() => {});
      await process.status;
      await errors;
    },
  };
}

async function shell(command: string): Promise<{ success: boolean; text: string }> {
  const { success, stdout } = await new Deno.Command("sh", { args: ["-c", command], stderr: "null" })
    .output();
  return { success, text: new TextDecoder().decode(stdout) };
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

/** The last of what a stream brings, once it has ended. */
async function tailOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let tail = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) tail = (tail + text).slice(-2000);
  return tail;
}

/**
 * A process that does one piece of work over and over on request, and is measured from outside: ours and a peer's alike.
 *
 * @module
 */

export interface ContestantOptions {
  /** As it is called in tables, such as "PyTorch, channels last". */
  name: string;
  /** Program and arguments. */
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
  const { name, command, folder, env } = options;
  const [program, ...args] = command;
  const process = new Deno.Command(program, {
    ...{ args, cwd: folder, env: { NO_COLOR: "1", ...env } },
    ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const errors = tailOf(process.stderr);
  const answers = linesOf(process.stdout);
  const stdin = process.stdin.getWriter();

  async function answer<T>(): Promise<T> {
    const { value, done } = await answers.next();
    if (done) {
      const { code } = await process.status;
      throw new Error(`Cannot measure ${name}: it ended with code ${code}: ${(await errors).trim()}`);
    }
    return JSON.parse(value) as T;
  }

  // Linux tells a process's memory, and forgets its peak, in /proc, which Deno itself reads with all permissions only.
  const status = async (key: string) => {
    const text = await shell(`cat /proc/${process.pid}/status`);
    return Number(text.match(new RegExp(`^${key}:\\s+(\\d+) kB`, "m"))![1]) / 1024;
  };

  await answer<{ ready: true }>();
  return {
    name,
    async repeat() {
      await stdin.write(new TextEncoder().encode("\n"));
      return await answer<Repetition>();
    },
    residentMiB: () => status("VmRSS"),
    resetPeak: async () => void await shell(`echo 5 > /proc/${process.pid}/clear_refs`),
    peakMiB: () => status("VmHWM"),
    async close() {
      await stdin.close();
      await process.status;
      await errors;
    },
  };
}

async function shell(command: string): Promise<string> {
  const { success, stdout } = await new Deno.Command("sh", { args: ["-c", command], stderr: "null" }).output();
  if (!success) throw new Error(`Cannot measure memory: \`${command}\` failed`);
  return new TextDecoder().decode(stdout);
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

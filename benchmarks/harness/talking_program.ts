/**
 * A program that answers with lines of JSON on stdout, and is told what to do by lines on stdin.
 *
 * @module
 */
import { toolEnvironment } from "../../lib/setup/tool_environment.ts";
import { toolPaths } from "../../lib/setup/tool_paths.ts";

export interface StartProgramOptions {
  /** As it is called in tables, such as "PyTorch, channels last". */
  name: string;
  /** Absolute path of the program, and arguments. */
  command: readonly string[];
  /** Working directory. @default this process's */
  folder?: string;
  /** Added to the environment. @default {} */
  env?: Record<string, string>;
}

export interface TalkingProgram {
  pid: number;
  /** The next line of JSON. @throws Error with the last lines on stderr when the program ends before */
  answer<T>(): Promise<T>;
  /** Of a program that has ended `answer` says so. */
  write(text: string): Promise<void>;
  /** Why the program ended, once it has. */
  endedError(): Promise<Error>;
  /** Ends its stdin and waits for its own end. */
  close(): Promise<void>;
}

/** Starts a program, which is taken along where this process is stopped or killed. */
export function startProgram(
  { name, command, folder = Deno.cwd(), env }: StartProgramOptions,
): TalkingProgram {
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
  return {
    pid: process.pid,
    endedError,
    async answer<T>() {
      const { value, done } = await answers.next();
      if (done) throw await endedError();
      return JSON.parse(value) as T;
    },
    async write(text) {
      await stdin.write(new TextEncoder().encode(text)).catch(() => {});
    },
    async close() {
      await stdin.close().catch(() => {});
      await process.status;
      await errors;
    },
  };
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

/** A target under attack in a process of its own, which is ended where it hangs. */
import { startProgram } from "../../benchmarks/harness/talking_program.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import type { Input } from "./assault.ts";

/** Longer than this an input may not take, ms. */
const PATIENCE = 10_000;

/** A process has so long to begin, ms: it loads TensorFlow, on machines that may be busy. */
const START = 120_000;

export interface Attack {
  seed: number;
  inputs: number;
  /** Where damaged files that are read all the same are kept, with what was read. @default none is */
  keep?: string | undefined;
}

/** All inputs of a target, those that hung, too. */
export async function* attackTarget(name: string, { seed, inputs, keep }: Attack): AsyncGenerator<Input> {
  for (let next = 0; next < inputs;) {
    const range = [String(seed), String(next), String(inputs), ...keep === undefined ? [] : [keep]];
    const worker = startProgram({
      name: `the attack on ${name}`,
      folder: projectRoot,
      command: [
        toolPaths().deno,
        "run",
        "-A",
        "--no-check",
        "--quiet",
        `${projectRoot}/tests/attack/worker.ts`,
        name,
        ...range,
      ],
    });
    await worker.answer();
    let patience = START;
    while (next < inputs) {
      const input = await within(patience, worker.answer<Input>());
      if (!input) {
        Deno.kill(worker.pid, "SIGKILL");
        yield { index: next, kind: "?", file: "?", outcome: "hung" };
        next++;
        break;
      }
      yield input;
      next = input.index + 1;
      patience = PATIENCE;
    }
    if (next >= inputs) await worker.close().catch(() => {}); // it may have been killed at the last input
  }
}

/** Undefined where it takes longer. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((done) => timer = setTimeout(() => done(undefined), milliseconds));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Who watches a run: a task in a terminal, or somebody before a notebook.
 *
 * @module
 */
import type { Progress } from "../stages/recorder.ts";
import { jupyterKernel } from "./jupyter.ts";

/** A line of progress.jsonl: what the kernel tells the task that started it. */
export type RunEvent =
  | { kind: "kernel"; process: number }
  | { kind: "note"; text: string }
  | { kind: "progress"; progress: Progress };

export interface Watcher {
  progress(progress: Progress): void;
  note(text: string): void;
}

/** At most so many updates a second: a step may take milliseconds. */
const updatesPerSecond = 4;

/** Lets the first and the last step of a stage pass, and a few a second between them. */
function throttled(show: (progress: Progress) => void): (progress: Progress) => void {
  let last = -Infinity;
  let stage = "";
  return (progress) => {
    const now = performance.now();
    const must = progress.stage !== stage || progress.step >= progress.steps;
    if (!must && now - last < 1000 / updatesPerSecond) return;
    last = now;
    stage = progress.stage;
    show(progress);
  };
}

/** Writes events as JSON lines for {@linkcode followEvents}. */
export function watchFromFile(path: string): Watcher {
  const write = (event: RunEvent) =>
    Deno.writeTextFileSync(path, JSON.stringify(event) + "\n", { append: true });
  write({ kind: "kernel", process: Deno.pid });
  return {
    progress: throttled((progress) => write({ kind: "progress", progress })),
    note(text) {
      console.log(text);
      write({ kind: "note", text });
    },
  };
}

/** One line a stage that is written anew, in the cell that began it; and the notes below it. In a plain script: the notes only. */
export function watchFromNotebook(): Watcher {
  const jupyter = jupyterKernel();
  const lines = new Map<string, string>();
  return {
    progress: throttled(({ stage, step, steps, note }) => {
      const data = { "text/plain": `${stage}: ${step} of ${steps}  ${note}` };
      const known = lines.get(stage);
      const id = known ?? crypto.randomUUID();
      lines.set(stage, id);
      const content = { data, metadata: {}, transient: { display_id: id } };
      void jupyter?.broadcast(known ? "update_display_data" : "display_data", content);
    }),
    note: (text) => console.log(text),
  };
}

/** Polls a file of events until the signal is aborted; a last look is taken then. */
export async function followEvents(
  path: string,
  { signal, onEvent }: { signal: AbortSignal; onEvent: (event: RunEvent) => void },
): Promise<void> {
  let offset = 0;
  let rest = "";
  for (;;) {
    const last = signal.aborted;
    const bytes = await readFrom(path, offset);
    offset += bytes.length;
    // The kernel appends whole lines in one write, but a look may fall into the middle of one.
    const lines = (rest + new TextDecoder().decode(bytes)).split("\n");
    rest = lines.pop()!;
    for (const line of lines) onEvent(JSON.parse(line));
    if (last) return;
    await new Promise((done) => setTimeout(done, 250));
  }
}

async function readFrom(path: string, offset: number): Promise<Uint8Array> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return new Uint8Array();
    throw cause;
  }
  await file.seek(offset, Deno.SeekMode.Start);
  return new Uint8Array(await new Response(file.readable).arrayBuffer());
}

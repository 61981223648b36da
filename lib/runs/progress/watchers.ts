/**
 * Who watches a run: a task in a terminal (here), or somebody before a notebook (notebook_watcher.ts).
 *
 * @module
 */
import type { HistoryRow, Progress } from "../../training/recorder.ts";
import { createDisplay, type MimeBundle } from "../notebooks/jupyter.ts";
import { throttle } from "./throttle.ts";

/** A line of progress.jsonl: what the kernel tells the task that started it. */
export type RunEvent =
  | { kind: "kernel"; process: number }
  | { kind: "note"; text: string }
  | { kind: "progress"; progress: Progress }
  /** A stage is finished, now or before. */
  | { kind: "stage"; stage: string };

export interface Watcher {
  note(text: string): void;
  /** Work begins, or goes on, in the cell that runs now: what is told of it is shown there. */
  begin(): void;
  /** Where the work is, and what its stage has logged so far. */
  progress(progress: Progress, history?: readonly HistoryRow[]): void;
  /** A stage is finished, now or before. */
  end(stage: StageEnd): Promise<void>;
  /** Says no more. */
  close(): void;
}

export interface StageEnd {
  name: string;
  history: readonly HistoryRow[];
  /** What it took, over all its resumptions. */
  seconds: number;
}

/** Draws a stage's history as a notebook shows it: injected, because runs know no plots. */
export interface HistoryFigure {
  /** The figure while a stage is at work: quickly made. */
  live(rows: readonly HistoryRow[]): MimeBundle;
  /** The same figure to be kept, with a form that needs no program to be looked at. */
  final(rows: readonly HistoryRow[]): Promise<MimeBundle>;
}

/** At most so many updates a second: a step may take milliseconds. */
export const updatesPerSecond = 4;

/** Writes events as JSON lines for {@linkcode followEvents}; each finished stage leaves its figure in the notebook. */
export function watchFromFile(path: string, figure?: HistoryFigure): Watcher {
  const write = (event: RunEvent) =>
    Deno.writeTextFileSync(path, JSON.stringify(event) + "\n", { append: true });
  const progress = throttle<Progress>(updatesPerSecond, (progress) => write({ kind: "progress", progress }));
  let stage = "";
  write({ kind: "kernel", process: Deno.pid });
  return {
    begin: () => {},
    note(text) {
      console.log(text);
      write({ kind: "note", text });
    },
    progress(now) {
      const must = now.stage !== stage || now.step >= now.steps && now.activity === undefined;
      stage = now.stage;
      if (must) progress.tellNow(now);
      else progress.tell(now);
    },
    async end({ name, history }) {
      progress.restart();
      write({ kind: "stage", stage: name });
      const display = createDisplay();
      if (display && figure && history.length > 0) await display.show(await figure.final(history));
    },
    close: progress.restart,
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

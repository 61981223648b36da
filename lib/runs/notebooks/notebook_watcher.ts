/**
 * A run as one sees it in a notebook: a line with the step and the time left, and the curves so far.
 *
 * @module
 */
import type { HistoryRow } from "../../training/recorder.ts";
import { formatSeconds } from "../../text/format_seconds.ts";
import { createDisplay, type Display } from "./jupyter.ts";
import { throttle } from "../progress/throttle.ts";
import { Forecast, type StageWork } from "../progress/forecast.ts";
import { bar, progressLine } from "../progress/progress_line.ts";
import { type HistoryFigure, updatesPerSecond, type Watcher } from "../progress/watchers.ts";

/** Least milliseconds between two figures, and how many times as long as a figure takes it must have been. */
const figurePace = { least: 3000, times: 50 };

/** Letters of the line: a notebook's cell is at least as wide. */
const lineWidth = 96;

export interface NotebookWatcherOptions {
  /** What a cell shows of a stage's history. @default nothing */
  figure?: HistoryFigure | undefined;
  /** The work to come, for the time left. @default what is told of, stage by stage */
  plan?: readonly StageWork[] | undefined;
}

/**
 * Shows each piece of work in the cell that began it, and writes it anew there; in a plain script only the notes are
 * said. The figure follows at each validation, and else every few seconds.
 */
export function watchFromNotebook({ figure, plan = [] }: NotebookWatcherOptions = {}): Watcher {
  const forecast = new Forecast(plan);
  let [line, curves]: (Display | undefined)[] = [];
  let [drawn, nextFigure] = [0, 0];
  const status = throttle<string>(updatesPerSecond, (text) => void line?.show({ "text/plain": text }));

  function drawLive(rows: readonly HistoryRow[]): void {
    const begun = performance.now();
    const validated = rows.slice(drawn).some(({ terms }) => "validation_dice" in terms);
    if (rows.length === drawn || begun < nextFigure && !validated) return;
    drawn = rows.length;
    void curves!.show(figure!.live(rows));
    const now = performance.now();
    nextFigure = now + Math.max(figurePace.least, figurePace.times * (now - begun));
  }
  return {
    note: (text) => console.log(text),
    begin() {
      status.restart();
      forecast.begin();
      [line, curves] = [createDisplay(), createDisplay()];
      [drawn, nextFigure] = [0, 0];
    },
    progress(progress, history = []) {
      forecast.see(progress);
      if (progress.steps === 0) return; // a cell that draws shows that itself
      if (line) status.tell(progressLine(progress, { secondsLeft: forecast.secondsLeft, width: lineWidth }));
      if (curves && figure) drawLive(history);
    },
    async end({ name, history, seconds }) {
      forecast.end(name);
      if (line) status.tellNow(`${name}  ${bar(1)}  done in ${formatSeconds(seconds)}`);
      if (curves && figure && history.length > 0) await curves.show(await figure.final(history));
    },
    close: status.restart,
  };
}

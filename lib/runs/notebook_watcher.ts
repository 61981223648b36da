/**
 * A run as one sees it in a notebook: a line with the step and the time left, and the curves so far.
 *
 * @module
 */
import type { HistoryRow, Progress } from "../stages/recorder.ts";
import { createDisplay, type Display } from "./jupyter.ts";
import { throttle } from "./throttle.ts";
import { createTimeLeft, formatSeconds } from "./time_left.ts";
import { type HistoryFigure, updatesPerSecond, type Watcher } from "./watchers.ts";

/** Least milliseconds between two figures, and how many times as long as a figure takes it must have been. */
const figurePace = { least: 3000, times: 50 };

/** Letters of the bar. */
const barLength = 24;

/**
 * Shows each piece of work in the cell that began it, and writes it anew there; in a plain script only the notes are
 * said. The figure follows at each validation, and else every few seconds.
 */
export function watchFromNotebook(figure?: HistoryFigure): Watcher {
  const timeLeft = createTimeLeft();
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
      [line, curves] = [createDisplay(), createDisplay()];
      [drawn, nextFigure] = [0, 0];
    },
    progress(progress, history = []) {
      const { stage, step, steps } = progress;
      const left = timeLeft({ name: stage, step, steps });
      if (line) status.tell(statusLine(progress, left));
      if (curves && figure) drawLive(history);
    },
    async end({ name, history, seconds }) {
      if (line) status.tellNow(`${name}  ${bar(1)}  done in ${formatSeconds(seconds)}`);
      if (curves && figure && history.length > 0) await curves.show(await figure.final(history));
    },
    close: status.restart,
  };
}

function statusLine({ stage, step, steps, note }: Progress, secondsLeft: number): string {
  const left = step < steps ? `${formatSeconds(secondsLeft)} left` : "";
  const parts = [stage, bar(step / steps), `${step} of ${steps}`, note, left];
  return parts.filter((part) => part !== "").join("  ");
}

function bar(share: number): string {
  const full = Math.round(share * barLength);
  return "━".repeat(full) + "╌".repeat(barLength - full);
}

/**
 * A run's progress in the terminal.
 *
 * @module
 */
import { Forecast, type ForecastOptions, type StageWork } from "../runs/progress/forecast.ts";
import { progressLine } from "../runs/progress/progress_line.ts";
import type { RunEvent } from "../runs/progress/watchers.ts";
import type { Progress } from "../training/recorder.ts";
import { liveLine } from "./live_line.ts";

export interface RunProgress {
  onEvent: (event: RunEvent) => void;
  /** Says what goes on before the notebook says anything. */
  doing(text: string): void;
  /** Ends the line that is drawn. */
  end(): void;
}

export interface RunProgressOptions extends Pick<ForecastOptions, "pace"> {
  /** Seconds of what comes after the run, and is waited for, too. @default none */
  secondsAfter?: () => number;
}

/** One line with the stage, its step, loss, Dice, and the time left of the whole run. */
export function showProgress(plan: readonly StageWork[], options: RunProgressOptions = {}): RunProgress {
  const { secondsAfter = () => 0 } = options;
  const forecast = new Forecast(plan, options);
  const line = liveLine();
  const isNews = newsOf();
  return {
    doing: line.doing,
    end: line.clear,
    onEvent(event) {
      if (event.kind === "stage") forecast.end(event.stage);
      if (event.kind === "note") {
        line.clear();
        console.error(`  ${event.text}`);
      }
      if (event.kind !== "progress") return;
      const { progress } = event;
      forecast.see(progress);
      const draw = (width: number) =>
        progressLine(progress, { secondsLeft: forecast.secondsLeft + secondsAfter(), width });
      line.show(draw, isNews(progress));
    },
  };
}

/** Tells what a log should not wait for: the beginning and the end of a stage and of a validation. */
export function newsOf(): (progress: Progress) => boolean {
  let last: Progress | undefined;
  return (progress) => {
    const ended = progress.step === progress.steps && progress.step !== last?.step;
    const news = progress.stage !== last?.stage || progress.dice?.last !== last?.dice?.last || ended;
    last = progress;
    return news;
  };
}

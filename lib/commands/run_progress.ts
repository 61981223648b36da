/**
 * A run's progress in the terminal.
 *
 * @module
 */
import { SingleBar } from "cli-progress";
import type { Progress } from "../stages/recorder.ts";
import { createTimeLeft, formatSeconds } from "../runs/time_left.ts";
import type { RunEvent } from "../runs/watchers.ts";

/** Seconds between two lines where there is no terminal, as in a batch job's log. */
const secondsBetweenLines = 30;

export interface RunProgress {
  onEvent: (event: RunEvent) => void;
  /** Ends the bar that is drawn. */
  end(): void;
}

/** A bar a stage, with its step, its note and the time left; lines now and then where stderr is no terminal. */
export function showProgress(): RunProgress {
  const show = Deno.stderr.isTerminal() ? bars() : lines();
  return {
    onEvent(event) {
      if (event.kind === "progress") show.progress(event.progress);
      if (event.kind === "note") {
        show.end();
        console.error(`  ${event.text}`);
      }
    },
    end: show.end,
  };
}

/** What is done with a run's progress. */
export interface Show {
  progress(progress: Progress): void;
  end(): void;
}

function bars(): Show {
  let bar: SingleBar | undefined;
  let shown = "";
  const end = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    end,
    progress({ stage, step, steps, note }) {
      if (!bar || stage !== shown) {
        end();
        const format = "  {stage} [{bar}] {value}/{total}  {note}  {eta_formatted} left";
        bar = new SingleBar({ format, barsize: 24, etaBuffer: 40, hideCursor: true, formatTime });
        bar.start(steps, step, { stage, note });
        shown = stage;
      } else bar.update(step, { stage, note });
    },
  };
}

/** The library's own writes letters of "NULL" while it knows no time. */
function formatTime(seconds: number | string): string {
  return formatSeconds(Number(seconds));
}

/** Lines now and then, each beginning with the prefix. */
export function lines(prefix = ""): Show {
  const timeLeft = createTimeLeft();
  let shown: Progress | undefined;
  let last = -Infinity;
  return {
    end: () => {},
    progress(progress) {
      const { stage, step, steps, note } = progress;
      const left = timeLeft({ name: stage, step, steps });
      const now = performance.now() / 1000;
      const must = stage !== shown?.stage || step === steps && step !== shown.step;
      if (!must && now - last < secondsBetweenLines) return;
      [shown, last] = [progress, now];
      const time = left > 0 ? `${formatSeconds(left)} left` : "";
      const parts = [`${prefix}${stage} ${step}/${steps}`, note, time];
      console.error(`  ${parts.filter((part) => part !== "").join("  ")}`);
    },
  };
}

/**
 * A run's progress in the terminal.
 *
 * @module
 */
import { SingleBar } from "cli-progress";
import type { Progress } from "../stages/recorder.ts";
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

interface Show {
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
      if (step >= steps) end();
    },
  };
}

/** The library's own writes letters of "NULL" while it knows no time. */
function formatTime(seconds: number | string): string {
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return "…";
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

function lines(): Show {
  let shown = "";
  let first = 0;
  let begun = 0;
  let last = -Infinity;
  return {
    end: () => {},
    progress({ stage, step, steps, note }) {
      const now = performance.now() / 1000;
      if (stage !== shown) [shown, first, begun] = [stage, step, now];
      else if (step < steps && now - last < secondsBetweenLines) return;
      last = now;
      const left = (now - begun) / (step - first) * (steps - step);
      const time = Number.isFinite(left) ? `${Math.round(left)} s left` : "";
      console.error(
        `  ${[`${stage} ${step}/${steps}`, note, time].filter((part) => part !== "").join("  ")}`,
      );
    },
  };
}

/**
 * The last line on the screen, which says what goes on.
 *
 * @module
 */
import { printable } from "../plots/escape.ts";
import { cut } from "../runs/progress/progress_line.ts";
import { formatSeconds } from "../text/format_seconds.ts";

/** Seconds between two lines where there is no terminal, as in a batch job's log. */
const secondsBetweenLines = 30;

/** Makes the line anew whenever it is drawn: at most so many letters, or any number. */
export type Line = (width: number) => string;

export interface LiveLine {
  /** @param must says something new: it is told at once also where there is no terminal */
  show(line: Line, must: boolean): void;
  /** Says what goes on that cannot be counted, with the seconds it takes. */
  doing(text: string): void;
  /** Takes the line away, until something else is shown. */
  clear(): void;
}

/** On a terminal a line that is drawn anew every second; else lines, one every half minute at least. */
export function liveLine(): LiveLine {
  return timed(Deno.stderr.isTerminal() ? changingLine() : manyLines());
}

interface Screen {
  draw(line: Line, must: boolean): void;
  clear(): void;
}

function timed({ draw, clear }: Screen): LiveLine {
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const show = (line: Line, must: boolean) => {
    stop();
    draw(line, must);
    timer = setInterval(() => draw(line, false), 1000);
    timer.unref(); // it keeps no program waiting
  };
  return {
    show,
    doing(text) {
      const begun = performance.now();
      const line = (width: number) => {
        const seconds = (performance.now() - begun) / 1000;
        return cut(seconds < 2 ? text : `${text}  ${formatSeconds(seconds)}`, width);
      };
      show(line, true);
    },
    clear() {
      stop();
      clear();
    },
  };
}

function changingLine(): Screen {
  const write = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
  return {
    draw(line) {
      const columns = Deno.consoleSize().columns || 80;
      write(`\r\x1b[K  ${cut(printable(line(columns - 3)), columns - 3)}`);
    },
    clear: () => write("\r\x1b[K"),
  };
}

function manyLines(): Screen {
  let last = -Infinity;
  return {
    draw(line, must) {
      const now = performance.now() / 1000;
      if (!must && now - last < secondsBetweenLines) return;
      last = now;
      console.error(`  ${printable(line(Infinity))}`);
    },
    clear: () => {},
  };
}

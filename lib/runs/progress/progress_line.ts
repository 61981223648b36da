/**
 * Where work is, in one line.
 *
 * @module
 */
import type { Progress } from "../../training/recorder.ts";
import { formatSeconds } from "../../text/format_seconds.ts";

/** Letters of a bar: what it has where there is room, and the least that is worth showing. */
const barLetters = { most: 24, least: 8 };

export interface ProgressLineOptions {
  /** Of the whole work; NaN where it is not known. */
  secondsLeft: number;
  /** Letters it may have. @default as many as it wants, without a bar */
  width?: number | undefined;
}

/**
 * Such as `partial_organ  ━━━━━╌╌╌╌╌  60/120  own 0.412  Dice 0.731, best 0.745  2 min 5 s left`. What does not fit is
 * left out in this order: the bar, the best Dice, the loss, the Dice, what goes on, the time left; at last the line is cut.
 */
export function progressLine(progress: Progress, options: ProgressLineOptions): string {
  const { width = Infinity } = options;
  for (let without = 0; without <= 5; without++) {
    const parts = partsOf(progress, { ...options, without });
    const line = joined(parts);
    if (length(line) > width) continue;
    const room = Math.min(barLetters.most, width - length(line) - 2);
    if (width === Infinity || progress.steps === 0 || room < barLetters.least) return line;
    return joined(parts.toSpliced(1, 0, bar(progress.step / progress.steps, room)));
  }
  return cut(joined(partsOf(progress, { ...options, without: 5 })), width);
}

function partsOf(
  { stage, step, steps, activity, loss, dice }: Progress,
  { secondsLeft, without }: ProgressLineOptions & { without: number },
): string[] {
  const best = dice && dice.best > dice.last && without < 1 ? `, best ${dice.best.toFixed(3)}` : "";
  return [
    stage,
    steps > 0 ? `${step}/${steps}` : "",
    activity !== undefined && without < 4 ? activity : "",
    activity === undefined && loss && without < 2 ? `${loss.name} ${loss.value.toFixed(3)}` : "",
    dice && Number.isFinite(dice.last) && without < 3 ? `Dice ${dice.last.toFixed(3)}${best}` : "",
    secondsLeft > 0 && without < 5 ? `${formatSeconds(secondsLeft)} left` : "",
  ];
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("  ");
}

/** A bar of so many letters, filled to a share 0…1. */
export function bar(share: number, letters = barLetters.most): string {
  const full = Math.round(share * letters);
  return "━".repeat(full) + "╌".repeat(letters - full);
}

/** A text of at most so many letters. */
export function cut(text: string, width: number): string {
  return length(text) <= width ? text : `${[...text].slice(0, width - 1).join("")}…`;
}

function length(text: string): number {
  return [...text].length;
}

/**
 * The line that says which step of set-up is at work, about how long it takes, and that it is alive.
 *
 * @module
 */
import { perform, type Step } from "./step.ts";

export interface ShownStepOptions {
  /** Folder of the steps' stamps. */
  stamps: string;
  /** Receives the pieces of the line. */
  write: (text: string) => void;
  /** Show the seconds as they pass. @default on a terminal only */
  live?: boolean;
}

/** Milliseconds between two looks at the clock. */
const period = 1000;

/** Runs a step behind its line, which ends with the seconds it took: `Setting up: npm packages (…) … 52.1 s`. */
export async function performShown(step: Step, options: ShownStepOptions): Promise<void> {
  const { stamps, write, live = Deno.stderr.isTerminal() } = options;
  const text = `Setting up: ${step.name}${step.takes === undefined ? "" : ` (${step.takes})`} …`;
  const started = performance.now();
  const seconds = (digits: number) => `${((performance.now() - started) / 1000).toFixed(digits)} s`;
  write(text);
  const clock = live ? setInterval(() => write(`\r${text} ${seconds(0)}`), period) : undefined;
  try {
    await perform(step, stamps);
    write(`${live ? `\r${text}` : ""} ${seconds(1)}\n`);
  } catch (error) {
    write("\n");
    throw error;
  } finally {
    clearInterval(clock);
  }
}

/** Writes at once, without a line's end. */
export function writeToStderr(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}

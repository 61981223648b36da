/**
 * What a task of a batch system does: it runs a share of a sweep and stops in order. Scripts of Slurm, Grid Engine and PBS have it
 * below their directives.
 *
 * @module
 */
import { quotedWord } from "../../text/quoted_word.ts";
import { secondsOfTime } from "./slurm_section.ts";

/** Before a task's time is over it hears of it: a step, or a validation, ends and a checkpoint is written meanwhile. */
export const secondsBeforeEnd = 120;

export interface TaskBodyOptions {
  /** How often a sweep that has crashed is begun again. */
  retries: number;
  /** Environment variables of the tasks. @default none */
  env?: Readonly<Record<string, string>> | undefined;
  /** What other signals than TERM mean: lines of bash. @default nothing */
  traps?: string;
  /** What follows when the sweep has ended, with the exit code `$code`: lines of bash. */
  end: string;
}

/**
 * Lines of bash.
 *
 * @param command what runs the share: words that are quoted already
 */
export function taskBody(command: string, { retries, env = {}, traps = "", end }: TaskBodyOptions): string {
  return `${exports(env)}
stopped= over= sweep= tries=0
${traps}stop() { stopped=1; if [ -n "$sweep" ]; then kill -TERM "$sweep"; fi; }
trap stop TERM
while true; do
  ${command} &
  sweep=$!
  if [ -n "$stopped" ]; then stop; fi # it came before there was anything to stop
  wait "$sweep"
  while kill -0 "$sweep" 2>/dev/null; do wait "$sweep"; done # a signal ends a wait, too
  wait "$sweep"; code=$?
  # A sweep that ends by itself has a code below 128, one that was stopped 130. All others are of a crash: killed, out of memory.
  if [ -n "$stopped" ] || [ "$code" -lt 128 ] || [ "$code" -eq 130 ] || [ "$tries" -ge ${retries} ]; then break; fi
  tries=$((tries + 1))
  echo "The sweep crashed (exit code $code) and is begun again: $tries of ${retries}" >&2
done

${end}exit "$code"
`;
}

/**
 * The command that runs the share which a variable of the batch system has the number of; all members where there is one share.
 *
 * @param words of the command without the share
 */
export function shareCommand(
  words: readonly string[],
  { count, variable }: { count: number; variable: string },
): string {
  const share = count > 1 ? [`--array "$${variable}/${count}"`] : [];
  return [...words.map(quotedWord), ...share].join(" ");
}

/**
 * The command, stopped in order two minutes before a task's time is over; its exit code is 124 then.
 *
 * It is for batch systems whose own signals reach all processes of a task, or none.
 */
export function withinTime(command: string, time: string | undefined): string {
  return time === undefined
    ? command
    : `timeout --foreground ${secondsOfTime(time) - secondsBeforeEnd} ${command}`;
}

/** A line a variable. */
export function exports(env: Readonly<Record<string, string>>): string {
  return Object.entries(env).map(([name, value]) => `export ${name}=${quotedWord(value)}\n`).join("");
}

/**
 * The script of a sweep for any shell.
 *
 * @module
 */
import { quotedWord } from "../../text/quoted_word.ts";
import type { SweepScriptOptions } from "./sweep_script.ts";
import { exports } from "./task_body.ts";

/**
 * Text of a POSIX script that runs all shares, some at once. It stops in order as the sweep does, and exits with 1 when a share
 * failed, 130 when it was stopped.
 *
 * @param sweep path of the sweep's file
 */
export function shellScript(
  sweep: string,
  { consilium, count, retries, env = {}, jobs }:
    & Pick<SweepScriptOptions, "consilium" | "count" | "retries" | "env">
    & {
      /** Shares that run at once. */
      jobs: number;
    },
): string {
  const atOnce = Math.min(jobs, count);
  return `#!/bin/sh
# A sweep of Consilium for any shell: sh <this file>
${exports(env)}
jobs=${atOnce} # shares that run at once, of ${count}

stopped= heard= children=
hear() { trap 'heard=1 stopped=1; stop' INT TERM HUP; }
stop() { if [ -n "$children" ]; then kill -TERM $children 2>/dev/null; fi; }

# Waits until the process $1 has ended: a signal ends a wait, too. Its exit code is $code.
ended() {
  code=127
  while heard=; wait "$1"; now=$?; [ "$now" -eq 127 ] || code=$now; [ -n "$heard" ]; do :; done
}

# Runs the share $1, and every \${jobs}th after it.
work() {
  children=
  hear
  share=$1 tries=0 worst=0
  while [ "$share" -le ${count} ] && [ -z "$stopped" ]; do
    ${quotedWord(consilium)} sweep ${quotedWord(sweep)} --array "$share/${count}" &
    children=$!
    if [ -n "$stopped" ]; then stop; fi # it came before there was anything to stop
    ended "$children"
    # Codes from 128 on are of a crash: killed, out of memory; 130 is of a sweep that was stopped.
    if [ -z "$stopped" ] && [ "$code" -ge 128 ] && [ "$code" -ne 130 ] && [ "$tries" -lt ${retries} ]; then
      tries=$((tries + 1))
      continue
    fi
    if [ "$code" -ne 0 ]; then worst=$code; fi
    share=$((share + jobs)) tries=0
  done
  exit "$worst"
}

hear
worker=0
while [ "$worker" -lt "$jobs" ]; do
  worker=$((worker + 1))
  work "$worker" &
  children="$children $!"
done
if [ -n "$stopped" ]; then stop; fi

failed=0
for child in $children; do
  ended "$child"
  if [ "$code" -ne 0 ]; then failed=1; fi
done
if [ -n "$stopped" ]; then exit 130; fi
exit "$failed"
`;
}

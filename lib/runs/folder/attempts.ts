/**
 * Attempts at a run: when they began and ended.
 *
 * @module
 */
import { thisMachine } from "./machine.ts";
import type { RunRecord, RunStatus } from "./run_record.ts";

/** The change by which a run is at work, here and from now on. */
export function beginAttempt(
  { attempts }: Pick<RunRecord, "attempts">,
): Pick<RunRecord, "status" | "attempts"> {
  const attempt = { started: new Date().toISOString(), status: "running", process: Deno.pid } as const;
  return { status: "running", attempts: [...attempts, { ...attempt, host: thisMachine().host }] };
}

/** The change by which the last attempt has ended. */
export function endAttempt(
  { attempts }: RunRecord,
  { status, error }: { status: Exclude<RunStatus, "running">; error?: string | undefined },
): Pick<RunRecord, "status" | "attempts"> {
  const ended = { ended: new Date().toISOString(), status, error };
  return { status, attempts: [...attempts.slice(0, -1), { ...attempts.at(-1)!, ...ended }] };
}

/** The change by which a record can be shown to anybody: it does not say on which computer, nor in which folders of its. */
export function withoutWhereabouts(
  { attempts, machine, notes }: RunRecord,
): Pick<RunRecord, "attempts" | "machine" | "notes"> {
  const { host: _, ...computer } = machine;
  return {
    attempts: attempts.map(({ host: _, error, ...attempt }) => ({
      ...attempt,
      ...error !== undefined && { error: withoutFolders(error) },
    })),
    machine: computer,
    notes: notes.map(withoutFolders),
  };
}

/** `(/home/ada/runs/a.csv)` becomes `(a.csv)`. */
function withoutFolders(text: string): string {
  return text.replace(/(?<![\w./:])\/(?:[^\s/()"']+\/)+/g, "");
}

/** Seconds of all attempts that ended in order. */
export function secondsOf(record: RunRecord): number {
  const seconds = record.attempts.map(({ started, ended }) =>
    ended ? (Date.parse(ended) - Date.parse(started)) / 1000 : 0
  );
  return seconds.reduce((sum, value) => sum + value, 0);
}

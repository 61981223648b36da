/**
 * The batch script of a sweep as a Slurm job array.
 *
 * @module
 */
import { ranges } from "../../text/ranges.ts";
import type { SlurmSection } from "./slurm_section.ts";

/** Before a task's time is over it hears of it: a step, or a validation, ends and a checkpoint is written meanwhile. */
const secondsBeforeEnd = 120;

export interface SlurmScriptOptions {
  /** The job's name. */
  name: string;
  /** The project's folder, in which the tasks start. */
  project: string;
  /** The program `deno`. */
  deno: string;
  /** Of the log files, one a task. */
  logs: string;
  /** Number of shares of the sweep. */
  count: number;
  /** The shares that are submitted: those with members that are not finished. */
  shares: readonly number[];
  slurm: SlurmSection;
  /** Environment variables of the tasks. @default none */
  env?: Readonly<Record<string, string>>;
}

/**
 * Text of a batch script whose tasks each run a share of the sweep.
 *
 * Two minutes before its time is over, a task stops in order and goes back into the queue. A task that the cluster requeues
 * goes on from its last checkpoint.
 *
 * @param sweep path of the sweep's file
 * @throws Error when a name or a path has a line break, after which Slurm would read something else
 */
export function slurmScript(sweep: string, options: SlurmScriptOptions): string {
  const { name, project, deno, logs, count, shares, slurm, env = {} } = options;
  const { partition, gpus, cpus, memoryGb, time, concurrent } = slurm;
  const directives = [
    `--job-name=${quoted(name)}`,
    `--array=${ranges(shares)}${concurrent === undefined ? "" : `%${concurrent}`}`,
    `--chdir=${quoted(project)}`,
    `--output=${quoted(`${logs.replaceAll("%", "%%")}/task_%a.log`)}`,
    "--open-mode=append",
    "--requeue",
    `--signal=B:USR1@${secondsBeforeEnd}`,
    ...partition === undefined ? [] : [`--partition=${partition}`],
    ...gpus === undefined ? [] : [`--gpus=${gpus}`],
    ...cpus === undefined ? [] : [`--cpus-per-task=${cpus}`],
    ...memoryGb === undefined ? [] : [`--mem=${Math.ceil(memoryGb * 1024)}M`],
    ...time === undefined ? [] : [`--time=${time}`],
    ...slurm.options,
  ];
  const broken = directives.find((directive) => /[\r\n]/.test(directive));
  if (broken !== undefined) {
    throw new Error(
      `Cannot write a Slurm script: no line may be broken, one is ${JSON.stringify(broken)} (${sweep})`,
    );
  }
  return `#!/bin/bash
${directives.map((directive) => `#SBATCH ${directive}`).join("\n")}

${Object.entries(env).map(([name, value]) => `export ${name}=${shellWord(value)}`).join("\n")}

# USR1 says that the time is nearly over, TERM that the task is cancelled or requeued: both stop the members in order.
stop() { stopped=1; if [ -n "$sweep" ]; then kill -TERM "$sweep"; fi; }
trap 'over=1; stop' USR1
trap stop TERM
${shellWord(deno)} task --quiet sweep ${shellWord(sweep)} --array "$SLURM_ARRAY_TASK_ID/${count}" &
sweep=$!
if [ -n "$stopped" ]; then stop; fi # it came before there was anything to stop
wait "$sweep"
while kill -0 "$sweep" 2>/dev/null; do wait "$sweep"; done # a signal ends a wait, too
wait "$sweep"; code=$?

if [ -n "$over" ] && [ "$code" -eq 130 ]; then scontrol requeue "$SLURM_JOB_ID"; fi
exit "$code"
`;
}

/** A value of a directive; sbatch reads quotes and backslashes as a shell does. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, (letter) => `\\${letter}`)}"`;
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

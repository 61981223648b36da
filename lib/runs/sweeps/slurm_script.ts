/**
 * The batch script of a sweep as a Slurm job array.
 *
 * @module
 */
import { ranges } from "../../text/ranges.ts";
import type { SlurmSection } from "./slurm_section.ts";
import { secondsBeforeEnd, shareCommand, taskBody } from "./task_body.ts";

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
  /** How often a task whose sweep has crashed begins it again. @default 0 */
  retries?: number;
  /** Environment variables of the tasks. @default none */
  env?: Readonly<Record<string, string>>;
}

/**
 * Text of a batch script whose tasks each run a share of the sweep.
 *
 * Two minutes before its time is over, a task stops in order and goes back into the queue, it alone. A task that the cluster
 * requeues goes on from its last checkpoint. A single task is no array.
 *
 * @param sweep path of the sweep's file
 * @throws Error when a name or a path has a line break, after which Slurm would read something else
 */
export function slurmScript(sweep: string, options: SlurmScriptOptions): string {
  const { name, project, deno, logs, count, shares, slurm, retries = 0, env } = options;
  const { partition, gpus, cpus, memoryGb, time, concurrent } = slurm;
  const array = count > 1;
  const directives = [
    `--job-name=${quoted(name)}`,
    ...array ? [`--array=${ranges(shares)}${concurrent === undefined ? "" : `%${concurrent}`}`] : [],
    `--chdir=${quoted(project)}`,
    `--output=${quoted(`${logs.replaceAll("%", "%%")}/task_${array ? "%a" : "1"}.log`)}`,
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
  const words = [deno, "task", "--quiet", "sweep", sweep];
  const command = shareCommand(words, { count, variable: "SLURM_ARRAY_TASK_ID" });
  return `#!/bin/bash
${directives.map((directive) => `#SBATCH ${directive}`).join("\n")}

${taskBody(command, { retries, env, traps, end: requeue })}`;
}

const traps =
  `# USR1 says that the time is nearly over, TERM that the task is cancelled or requeued: both stop the members in order.
trap 'over=1; stop' USR1
`;

/** One task of an array has the array's own number as its SLURM_JOB_ID, by which all tasks would be requeued. */
const requeue = `task=$SLURM_JOB_ID
if [ -n "$SLURM_ARRAY_JOB_ID" ]; then task=\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID; fi
if [ -n "$over" ] && [ "$code" -eq 130 ]; then scontrol requeue "$task"; fi
`;

/** A value of a directive; sbatch reads quotes and backslashes as a shell does. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, (letter) => `\\${letter}`)}"`;
}

/**
 * The script of a sweep as an array job of PBS.
 *
 * @module
 */
import { clockTime } from "./slurm_section.ts";
import { jobName, leftOut, type SweepScriptOptions } from "./sweep_script.ts";
import { shareCommand, taskBody, withinTime } from "./task_body.ts";

/**
 * Text of a script for `qsub`. Two minutes before its time is over a task stops in order and asks to go back into the queue.
 *
 * @param sweep path of the sweep's file
 */
export function pbsScript(sweep: string, options: SweepScriptOptions): string {
  const { name, consilium, count, wants, retries, env } = options;
  const { partition, gpus, cpus, memoryGb, time, concurrent } = wants;
  const chunk = [
    ...cpus === undefined ? [] : [`ncpus=${cpus}`],
    ...memoryGb === undefined ? [] : [`mem=${Math.ceil(memoryGb * 1024)}mb`],
    ...gpus === undefined ? [] : [`ngpus=${gpus}`],
  ];
  const most = concurrent === undefined ? "" : `%${concurrent}`;
  const directives = [
    `-N ${jobName(name)}`,
    "-S /bin/bash",
    "-j oe",
    "-r y", // begun again when its node is lost
    ...count > 1 ? [`-J 1-${count}${most}`] : [], // an array of one task is refused
    ...partition === undefined ? [] : [`-q ${partition}`],
    ...chunk.length === 0 ? [] : [`-l select=1:${chunk.join(":")}`],
    ...time === undefined ? [] : [`-l walltime=${clockTime(time)}`],
  ];
  const command = shareCommand([consilium, "sweep", sweep], { count, variable: "PBS_ARRAY_INDEX" });
  return `#!/bin/bash
# A sweep of Consilium for PBS: qsub <this file>
${leftOut(wants, ["options"])}${directives.map((directive) => `#PBS ${directive}`).join("\n")}

${taskBody(withinTime(command, time), { retries, env, end: requeue })}`;
}

/** Of an array, PBS_JOBID names the task alone. Not every cluster lets users requeue. */
const requeue = `if [ "$code" -eq 124 ]; then # the time was nearly over
  qrerun "$PBS_JOBID" || echo "The time is over: the same script, submitted again, goes on from here" >&2
fi
`;

/**
 * The script of a sweep as an array job of Grid Engine.
 *
 * @module
 */
import { clockTime } from "./slurm_section.ts";
import { jobName, leftOut, type SweepScriptOptions } from "./sweep_script.ts";
import { shareCommand, taskBody, withinTime } from "./task_body.ts";

/**
 * Text of a script for `qsub`. Two minutes before its time is over a task stops in order and goes back into the queue.
 *
 * @param sweep path of the sweep's file
 */
export function sgeScript(sweep: string, options: SweepScriptOptions): string {
  const { name, consilium, count, wants, retries, env } = options;
  const { partition, gpus, cpus, memoryGb, time, concurrent } = wants;
  const directives = [
    `-N ${jobName(name)}`,
    "-S /bin/bash",
    "-cwd",
    "-j y",
    "-r y", // begun again when its node is lost
    ...count > 1 ? [`-t 1-${count}`] : [],
    ...count > 1 && concurrent !== undefined ? [`-tc ${concurrent}`] : [],
    ...partition === undefined ? [] : [`-q ${partition}`],
    ...cpus === undefined ? [] : [`-pe smp ${cpus}`],
    ...memoryGb === undefined ? [] : [`-l mem_free=${Math.ceil(memoryGb * 1024)}M`],
    ...gpus === undefined ? [] : [`-l gpu=${gpus}`],
    ...time === undefined ? [] : [`-l h_rt=${clockTime(time)}`],
  ];
  const command = shareCommand([consilium, "sweep", sweep], { count, variable: "SGE_TASK_ID" });
  return `#!/bin/bash
# A sweep of Consilium for Grid Engine: qsub <this file>
# smp, mem_free and gpu are named by each cluster itself: see qconf -spl and qconf -sc. Logs are written to the folder of qsub.
${leftOut(wants, ["options"])}${directives.map((directive) => `#$ ${directive}`).join("\n")}

${taskBody(withinTime(command, time), { retries, env, end: requeue })}`;
}

/** Grid Engine puts a task that ends with 99 back into the queue. */
const requeue = `if [ "$code" -eq 124 ]; then exit 99; fi # the time was nearly over
`;

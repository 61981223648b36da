/**
 * What a sweep wants of a Slurm cluster: the section `slurm` of its file.
 *
 * @module
 */
import { z } from "zod";

const Count = z.int().min(1);
/** One line without quotes: these texts become directives of a batch script. */
const Word = z.string().regex(/^[^\s"'\\]+$/, "must be one word without quotes");

export const SlurmSection = z.strictObject({
  partition: Word.optional().describe("Left out: the cluster's default."),
  gpus: Count.optional().describe("GPUs of one task. Left out: none is asked for."),
  cpus: Count.optional().describe("Processor cores of one task. Left out: the cluster's default."),
  memoryGb: z.number().positive().optional().describe("GB of one task. Left out: the cluster's default."),
  time: z.string().regex(/^(\d+-)?\d+:\d\d:\d\d$/, "must be hh:mm:ss or d-hh:mm:ss")
    .refine(
      (time) => secondsOfTime(time) >= 600,
      "must be ten minutes at least: two of them are for stopping",
    )
    .optional().describe(
      "Of one task: `12:00:00`, or `2-00:00:00` with days. Left out: the cluster's default.",
    ),
  tasks: Count.optional().describe(
    "Tasks of the array: each runs its share of the members, one after the other. Left out: a task a member.",
  ),
  concurrent: Count.optional().describe(
    "Tasks that run at the same time. Left out: as many as the cluster lets.",
  ),
  options: z.array(Word.regex(/^-/, "must begin with -")).default([]).describe(
    "More options of sbatch, such as `--account=lab`; of no other engine.",
  ),
});

export type SlurmSection = z.infer<typeof SlurmSection>;

/** Of `12:00:00` or `2-00:00:00`. */
export function secondsOfTime(time: string): number {
  const [, days = 0, hours = NaN, minutes = NaN, seconds = NaN] =
    time.match(/^(?:(\d+)-)?(\d+):(\d+):(\d+)/)?.map(Number) ?? [];
  return (((days || 0) * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** The same in hours, minutes and seconds, for clusters that know no days: `48:00:00`. */
export function clockTime(time: string): string {
  const seconds = secondsOfTime(time);
  const digits = (number: number) => String(Math.floor(number)).padStart(2, "0");
  return [seconds / 3600, seconds / 60 % 60, seconds % 60].map(digits).join(":");
}

/**
 * A sweep of toy notebooks. As a program, a process of its own: `toy_sweep.ts <folder> <jobs> <label>…`; it prints a line
 * an end.
 */
import { join } from "@std/path";
import {
  type ExperimentNotebook,
  readExperiment,
} from "../../../../lib/runs/notebooks/experiment_notebook.ts";
import { type MemberEnd, type ReadyMember, runMembers } from "../../../../lib/runs/sweeps/run_members.ts";
import type { RunEvent } from "../../../../lib/runs/progress/watchers.ts";
import { projectRoot, toolPaths } from "../../../../lib/setup/tool_paths.ts";
import { fakeOptions } from "../fake_training.ts";
import { writeToyNotebook } from "../toy_notebook.ts";

/** Writes the notebook that all members run; with the seed 13 it fails. */
export async function writeSweepNotebook(folder: string, milliseconds = 0): Promise<void> {
  const last = 'if (seed === 13) throw new Error("unlucky");';
  await writeToyNotebook(join(folder, "toy.ipynb"), join(folder, "results"), { milliseconds, last });
}

export function toyNotebook(folder: string): Promise<ExperimentNotebook> {
  return readExperiment("toy", join(folder, "toy.ipynb"));
}

/** Members of the seeds. */
export function toyMembers(
  folder: string,
  { seeds, notebook }: { seeds: readonly number[]; notebook: ExperimentNotebook },
): ReadyMember[] {
  return seeds.map((seed) => ({
    label: `seed ${seed}`,
    experiment: "toy",
    parameters: { cohort: "toy", seed },
    source: {
      ...fakeOptions(join(folder, "results")),
      notebook,
      publishScans: false,
      tools: toolPaths(),
      cwd: projectRoot,
    },
  }));
}

export interface ToySweepOptions {
  jobs?: number;
  stop?: AbortSignal;
  onEvent?: (label: string, event: RunEvent) => void;
  onBusy?: (label: string) => void;
}

/** Runs the seeds' members; returns their ends as `seed 1 finished`. */
export async function runToySweep(
  folder: string,
  seeds: readonly number[],
  { jobs, stop, onEvent, onBusy }: ToySweepOptions = {},
): Promise<{ ends: MemberEnd[]; said: string[] }> {
  const ends = await runMembers(toyMembers(folder, { seeds, notebook: await toyNotebook(folder) }), {
    jobs,
    stop,
    retrySeconds: 0.2,
    watch: ({ label }) => ({ onFolder: () => {}, onEvent: (event) => onEvent?.(label, event) }),
    onBusy: ({ label }) => onBusy?.(label),
    onEnd: () => {},
  });
  return { ends, said: ends.map(({ member, status }) => `${member.label} ${status}`) };
}

if (import.meta.main) {
  const [folder, jobs, ...seeds] = Deno.args;
  const { ends } = await runToySweep(folder!, seeds.map(Number), { jobs: Number(jobs) });
  for (const { member, status, result } of ends) {
    console.log(
      `${member.label} ${status} ${
        result!.folder.record.attempts.at(-1)!.process === Deno.pid ? "here" : "elsewhere"
      }`,
    );
  }
}

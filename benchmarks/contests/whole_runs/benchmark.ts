/**
 * Whole commands: the demo, and the method on hippocampus in both precisions.
 *
 * @module
 */
import { join } from "@std/path";
import { cohortPath, resultsFolder } from "../../../lib/workbench/project.ts";
import type { Benchmark, BenchmarkContext } from "../../harness/benchmark.ts";
import type { Measurement } from "../../harness/contest.ts";
import type { Ratio } from "../../harness/ratio.ts";
import { runCommand } from "../../../lib/setup/steps/command.ts";
import { projectRoot, toolPaths } from "../../../lib/setup/tool_paths.ts";
import { meanDice } from "../../../lib/comparison/mean_dice.ts";
import { readMetrics } from "../../../lib/runs/folder/read_run.ts";
import { hasBfloat16Here } from "../run_program.ts";

/** Minutes that each may take. */
const DEMO_LIMIT = 4, HIPPOCAMPUS_LIMIT = 12;

export const benchmark: Benchmark = {
  name: "whole_runs",
  title: "The demo, and the method on hippocampus",
  async run(context) {
    const measurements: Measurement[] = [];
    const ratios: Ratio[] = [];
    const take = async (work: string, args: string[], limit?: number) => {
      context.progress(work);
      const results = await Deno.makeTempDir({ dir: context.temporary });
      const seconds = await timeTask(context, { args, results });
      measurements.push({ name: work, seconds: [seconds], outputs: [], idleMiB: 0, peakMiB: 0 });
      if (limit) {
        const [ratio, peer] = [seconds / (60 * limit), `limit of ${limit} minutes`];
        ratios.push({
          work,
          ours: "Consilium",
          peer,
          unit: "s",
          oursValue: seconds,
          peerValue: 60 * limit,
          ratio,
          spread: [ratio, ratio],
          goal: 1,
        });
      }
      return results;
    };

    await take("task demo", ["demo"], DEMO_LIMIT);
    const run = (cohort: string) => ["run", "mutual", "--cohort", cohort, "--seed", "1"];
    const dice = async (results: string, cohort: string) =>
      meanDice(await readMetrics({ folder: join(results, cohort, "mutual", "default", "v001") }));
    const full = await take("mutual on hippocampus", run("hippocampus"), HIPPOCAMPUS_LIMIT);
    const values = {
      committed: await dice(resultsFolder, "hippocampus"),
      float32: await dice(full, "hippocampus"),
    };
    const notes = [
      `Mean test Dice of mutual on hippocampus: ${values.float32.toFixed(4)}; ` +
      `of the committed run: ${values.committed.toFixed(4)}.`,
    ];
    const equality: Record<string, number> = {
      "mean test Dice on hippocampus, this and the committed run": Math.abs(
        values.float32 - values.committed,
      ),
    };
    if (await hasBfloat16Here(context)) {
      const cohort = await inBfloat16(context);
      const half = await take("mutual on hippocampus, bfloat16", run(cohort));
      const value = await dice(half, "hippocampus");
      notes.push(`The same in bfloat16: ${value.toFixed(4)}.`);
      equality["mean test Dice on hippocampus, bfloat16 and float32"] = Math.abs(value - values.float32);
    }
    return { ratios, equality, measurements, notes };
  },
};

/** Seconds that a task takes, its results in a folder of its own. */
async function timeTask(
  { deno, dataRoot }: BenchmarkContext,
  { args, results }: { args: string[]; results: string },
): Promise<number> {
  const start = performance.now();
  const command = [...toolPaths().dieWithParent, projectRoot, deno, "task", ...args];
  await runCommand(`run task ${args.join(" ")}`, command, {
    env: { CONSILIUM_RESULTS: results, CONSILIUM_DATA: dataRoot },
  });
  return (performance.now() - start) / 1000;
}

/** The cohort with its convolutions in bfloat16, as a file. */
async function inBfloat16({ temporary }: BenchmarkContext): Promise<string> {
  const cohort = JSON.parse(await Deno.readTextFile(cohortPath("hippocampus")));
  cohort.network.precision = "bfloat16";
  const path = join(temporary, "hippocampus.json");
  await Deno.writeTextFile(path, JSON.stringify(cohort));
  return path;
}

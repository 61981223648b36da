/**
 * What visiting one peer's dataset a step, instead of all, saves and costs: whole runs of the method on the phantom.
 *
 * @module
 */
import { join } from "@std/path";
import { mean } from "simple-statistics";
import type { Benchmark, BenchmarkContext } from "../../harness/benchmark.ts";
import type { Measurement } from "../../harness/contest.ts";
import { ratioOf } from "../../harness/ratio.ts";
import { listRuns } from "../../../lib/runs/folder/list_runs.ts";
import { meanDice } from "../../../lib/comparison/mean_dice.ts";
import { readMetrics } from "../../../lib/runs/folder/read_run.ts";
import { runCommand } from "../../../lib/setup/steps/command.ts";
import { projectRoot, toolPaths } from "../../../lib/setup/tool_paths.ts";

const COHORT = "phantom", SEEDS = [1, 2];
/** By what it is called in tables; 0 means all, which are two of the cohort's three datasets. */
const ONE = "one peer a step", ALL = "all peers";
const PEERS_PER_STEP = { [ONE]: 1, [ALL]: 0 };

export const benchmark: Benchmark = {
  name: "peers_per_step",
  title: "One peer a step against all of them, the whole method on the phantom",
  async run(context) {
    const measurements = Object.keys(PEERS_PER_STEP).map((name): Measurement => ({
      name,
      seconds: [],
      outputs: [],
      idleMiB: NaN,
      peakMiB: NaN,
    }));
    for (const seed of SEEDS) {
      for (const { name, seconds, outputs } of measurements) {
        context.progress(`${name}, seed ${seed}`);
        const run = await runArm(context, {
          seed,
          peersPerStep: PEERS_PER_STEP[name as keyof typeof PEERS_PER_STEP],
        });
        seconds.push(run.trainingSeconds);
        outputs.push([run.dice]);
      }
    }
    return {
      ratios: [
        ratioOf(measurements, {
          work: `training of both stages, ${COHORT}`,
          ours: ONE,
          peers: [ALL],
        }),
      ],
      equality: {},
      measurements,
      notes: [
        ...measurements.map(({ name, outputs }) =>
          `Mean Dice of the test cases with ${name}: ${
            outputs.flat().map((dice) => dice.toFixed(3)).join(", ")
          } (seeds ` +
          `${SEEDS.join(", ")}), on average ${mean(outputs.flat()).toFixed(3)}.`
        ),
        "Seconds are those of the two training stages, validations and checkpoints in them. With one peer six passes a step " +
        "are left of nine.",
      ],
    };
  },
};

async function runArm(
  { deno, temporary }: BenchmarkContext,
  { seed, peersPerStep }: { seed: number; peersPerStep: number },
): Promise<{ trainingSeconds: number; dice: number }> {
  const results = await Deno.makeTempDir({ dir: temporary });
  const parameters = ["--cohort", COHORT, "--seed", `${seed}`, "--set", `peersPerStep=${peersPerStep}`];
  await runCommand(`run mutual with seed ${seed}`, [
    ...[...toolPaths().dieWithParent, projectRoot, deno, "run", "-A"],
    ...[join(projectRoot, "lib", "commands", "run.ts"), "mutual", ...parameters],
  ], { env: { CONSILIUM_RESULTS: results } });
  const { folder, record } = (await listRuns(COHORT, { results }))[0]!;
  const training = record.stages.filter(({ name }) => name === "partial_organ" || name === "full_organ");
  return {
    trainingSeconds: training.reduce((sum, { seconds }) => sum + seconds, 0),
    dice: meanDice(await readMetrics({ folder })),
  };
}

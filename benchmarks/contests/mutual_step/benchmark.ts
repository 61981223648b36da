/**
 * A whole mutual step against the forward and backward passes that it cannot do without.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { Benchmark, BenchmarkResult } from "../../harness/benchmark.ts";
import { contest } from "../../harness/contest.ts";
import { ratioOf } from "../../harness/ratio.ts";
import { partsOf } from "../parts.ts";
import type { StageName, SyntheticStageOptions } from "../synthetic_stage.ts";

/** Three datasets of different organs, as the cohorts head_neck and phantom have. */
const STUDY: Omit<SyntheticStageOptions, "stage" | "batchSize"> = {
  shown: [[1, 2, 3], [4, 5], [6, 7]],
  patch: [40, 40, 48],
  widths: [16, 32, 64, 128],
};
const BATCH_SIZES = [1, 2];

const STAGES: Record<StageName, string> = { partial_organ: "stage 1", full_organ: "stage 2" };

const GOAL = 1.15;

export const benchmark: Benchmark = {
  name: "mutual_step",
  title: "A mutual step of three models on three datasets, against its nine bare passes",
  async run({ deno, progress }) {
    const result: BenchmarkResult = { ratios: [], equality: {}, measurements: [] };
    const ours = fromFileUrl(new URL("ours.ts", import.meta.url));
    for (const [stage, title] of Object.entries(STAGES) as [StageName, string][]) {
      for (const batchSize of BATCH_SIZES) {
        const options: SyntheticStageOptions = { ...STUDY, stage, batchSize };
        const work = `${title}, ${batchSize}×${STUDY.patch.join("×")}`;
        const [step, passes] = [`${work}: mutual step`, `${work}: nine bare passes`];
        const [both] = await contest([{
          name: work,
          command: [deno, "run", "-A", ours, JSON.stringify(options)],
        }], {
          onRound: (done, total) => progress(`${work}: round ${done} of ${total}`),
        });
        const measurements = partsOf(both, [step, passes]);
        result.measurements.push(...measurements);
        result.ratios.push(
          ratioOf(measurements, { work: `mutual step, ${work}`, ours: step, peers: [passes], goal: GOAL }),
        );
      }
    }
    return {
      ...result,
      notes: [
        "A mutual step: patches from memory, three forward and three backward passes a batch, all loss terms, three updates, " +
        "log. A bare pass: one network forward and backward on one batch, the mean of its logits as loss, no update. Each " +
        "of three networks must make one on each of three batches; step and passes take turns in one process, and " +
        "memory is of both.",
      ],
    };
  },
};

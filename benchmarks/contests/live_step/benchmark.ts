/**
 * A step with the live data pipeline against the same step on cached batches.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { Benchmark, BenchmarkResult } from "../../harness/benchmark.ts";
import { contest } from "../../harness/contest.ts";
import { ratioOf } from "../../harness/ratio.ts";
import { partsOf } from "../parts.ts";

const COHORTS = ["hippocampus", "head_neck"];
const GOAL = 1.1;

export const benchmark: Benchmark = {
  name: "live_step",
  title: "A step of stage 1 with patches cut and augmented as it trains, against one cached batch a dataset",
  async run({ deno, dataRoot, progress }) {
    const result: BenchmarkResult = { ratios: [], equality: {}, measurements: [] };
    const ours = fromFileUrl(new URL("ours.ts", import.meta.url));
    for (const cohort of COHORTS) {
      const [live, cached] = [`${cohort}: live patches`, `${cohort}: cached batch`];
      progress(`${cohort}: preparing scans`);
      const [both] = await contest([{
        name: cohort,
        command: [deno, "run", "-A", ours, cohort],
        env: { CONSILIUM_DATA: dataRoot },
      }], {
        rounds: 5,
        warmUps: 1,
        onRound: (done, total) => progress(`${cohort}: round ${done} of ${total}`),
      });
      const measurements = partsOf(both, [live, cached]);
      result.measurements.push(...measurements);
      result.ratios.push(
        ratioOf(measurements, {
          work: `step with live patches, ${cohort}`,
          ours: live,
          peers: [cached],
          goal: GOAL,
        }),
      );
    }
    return {
      ...result,
      notes: [
        "Blocks of 10 steps of stage 1 take turns in one process, each with networks of its own; the first 3 of a block do " +
        "not count. One worker cuts and augments patches, as by default, and has to share the machine with TensorFlow.",
      ],
    };
  },
};

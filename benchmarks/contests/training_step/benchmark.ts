/**
 * A training step and a forward pass of two networks, against PyTorch in its own best forms.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../../harness/benchmark.ts";
import { contest, type Measurement } from "../../harness/contest.ts";
import { outputDifference, type Ratio, ratioOf, type RatioOptions } from "../../harness/ratio.ts";
import { completeSettings, NETWORKS } from "../networks.ts";
import { hasBfloat16Here, runProgram } from "../run_program.ts";

type Task = "step" | "forward";
type Precision = "float32" | "bfloat16";

const TASKS: Record<Task, string> = { step: "training step", forward: "forward pass" };

const OURS = "Consilium", OURS_BFLOAT16 = "Consilium, bfloat16";

/** PyTorch's forms by precision, with the argument of pytorch.py. */
const PEERS: Record<Precision, Record<string, string>> = {
  float32: {
    "PyTorch": "eager",
    "PyTorch, channels last": "channels_last",
    "PyTorch, torch.compile": "compile",
  },
  bfloat16: { "PyTorch, autocast": "eager", "PyTorch, autocast, channels last": "channels_last" },
};

const EAGER = ["PyTorch", "PyTorch, channels last"], COMPILED = ["PyTorch, torch.compile"];
const AUTOCAST = Object.keys(PEERS.bfloat16);

/** What is compared in a contest of a task and a precision, and the goals. */
const COMPARISONS: Record<Task, Record<Precision, Omit<RatioOptions, "work">[]>> = {
  step: {
    float32: [
      { ours: OURS, peers: EAGER, goal: 0.6 },
      { ours: OURS, peers: COMPILED, goal: 0.85 },
      { ours: OURS, peers: EAGER, unit: "MiB", goal: 0.9 },
    ],
    bfloat16: [
      { ours: OURS_BFLOAT16, peers: AUTOCAST, goal: 0.75 },
      { ours: OURS_BFLOAT16, peers: [OURS], goal: 0.7 },
    ],
  },
  forward: {
    float32: [
      { ours: OURS, peers: EAGER, goal: 0.6 },
      { ours: OURS, peers: COMPILED, goal: 1 },
    ],
    bfloat16: [{ ours: OURS_BFLOAT16, peers: AUTOCAST, goal: 0.9 }],
  },
};

const file = (name: string) => fromFileUrl(new URL(name, import.meta.url));

export const benchmark: Benchmark = {
  name: "training_step",
  title: "Training step and forward pass of two U-Nets",
  async run(context) {
    const result: BenchmarkResult = { ratios: [], equality: {}, measurements: [], notes: [] };
    const bfloat16 = await hasBfloat16Here(context);
    for (const [network, settings] of Object.entries(NETWORKS)) {
      const folder = await Deno.makeTempDir({ dir: context.temporary });
      await runProgram(context, [
        file("../write_network.ts"),
        folder,
        JSON.stringify(completeSettings(settings)),
      ]);
      for (const task of ["step", "forward"] as const) {
        for (const precision of ["float32", ...bfloat16 ? ["bfloat16" as const] : []] as const) {
          await compare(result, { context, network, folder, task, precision });
        }
      }
    }
    result.notes!.push(
      "Outputs that are compared: the losses of all steps and of the first, or the mean absolute logit of the forward pass.",
      ...bfloat16 ? [] : ["This machine does not multiply in bfloat16: it is not measured."],
    );
    return result;
  },
};

interface Comparison {
  context: BenchmarkContext;
  /** As it is called in tables. */
  network: string;
  /** With the network's files. */
  folder: string;
  task: Task;
  precision: Precision;
}

async function compare(result: BenchmarkResult, comparison: Comparison): Promise<void> {
  const { context, network, folder, task, precision } = comparison;
  const work = `${TASKS[task]}, ${network}`;
  const own = (name: string, precision: Precision) => ({
    name,
    command: [context.deno, "run", "-A", file("ours.ts"), folder, precision, task],
  });
  const peers = Object.entries(PEERS[precision]).map(([name, mode]) => ({
    name,
    command: [context.python, file("pytorch.py"), folder, mode, precision, task],
    // Programs are compiled anew, and nothing is left behind.
    env: { TORCHINDUCTOR_CACHE_DIR: join(context.temporary, "inductor") },
  }));
  const ours = [own(OURS, "float32"), ...precision === "bfloat16" ? [own(OURS_BFLOAT16, "bfloat16")] : []];
  const measurements = await contest([...ours, ...peers], {
    onRound: (done, total) => context.progress(`${work}, ${precision}: round ${done} of ${total}`),
  });
  const name = ours.at(-1)!.name;
  const mine = measurements.find((measurement) => measurement.name === name)!;
  for (const measurement of measurements) {
    if (measurement === mine) continue;
    const pair = `${work}, ${mine.name} and ${measurement.name}`;
    result.equality[pair] = outputDifference(mine, measurement);
    // Training amplifies rounding from step to step; the first loss comes from equal weights.
    if (task === "step") {
      result.equality[`${pair}, first`] = outputDifference(first(mine), first(measurement));
    }
  }
  const ratios = COMPARISONS[task][precision].map((options): Ratio =>
    ratioOf(measurements, { work, ...options })
  );
  result.ratios.push(...ratios);
  result.measurements.push(...measurements.map((m) => ({ ...m, name: `${work}, ${precision}: ${m.name}` })));
}

function first(measurement: Measurement): Measurement {
  return { ...measurement, outputs: measurement.outputs.slice(0, 1) };
}

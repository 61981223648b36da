/**
 * One question to one device, in a process of its own: what TensorFlow runs on is settled when it loads.
 *
 * deno run … probe.ts '<question as JSON>' writes the answer, as JSON, as the last line of stdout.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Precision } from "../models/unet_options.ts";
import { isOnGpu, tf } from "../tensors/tf.ts";
import { type RecordedKernel, recordKernels, replayKernel } from "./kernel_record.ts";
import { createProbeNetwork, type ProbeNetworkOptions } from "./probe_network.ts";

/** What can be asked. */
export type Question =
  | { kind: "describe" }
  /** Trains a step and writes every kernel's inputs and outputs to the file. */
  | { kind: "record"; precision: Precision; file: string }
  /** Runs the kernels of the file again. */
  | { kind: "replay"; file: string }
  | { kind: "train"; network: ProbeNetworkOptions; steps: number };

export interface Description {
  gpu: boolean;
  tensorflow: string;
}

/** How far a kernel's answers are from the recorded ones. */
export interface KernelDifference {
  kernel: string;
  /** Largest difference over the largest absolute value of the output; null where one of them is not finite. */
  difference: number | null;
  /** What TensorFlow said instead of an answer. */
  error?: string;
}

export interface Training {
  losses: number[];
  /** Of all losses' bits. */
  hash: string;
  /** Median of the steps but the first. */
  secondsPerStep: number;
}

const SMALL = { shape: [2, 8] as [number, number], widths: [8, 16] };

function answer(question: Question): unknown {
  switch (question.kind) {
    case "describe":
      return describe();
    case "record": {
      const step = createProbeNetwork({ ...SMALL, precision: question.precision });
      Deno.writeTextFileSync(question.file, JSON.stringify(recordKernels(step)));
      return {};
    }
    case "replay": {
      const kernels = JSON.parse(Deno.readTextFileSync(question.file)) as RecordedKernel[];
      return kernels.map(compare);
    }
    case "train":
      return train(question);
  }
}

function describe(): Description {
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  return { gpu: isOnGpu, tensorflow: binding.TF_Version };
}

function compare(recorded: RecordedKernel): KernelDifference {
  const kernel = recorded.name;
  try {
    return { kernel, difference: differenceOf(recorded) };
  } catch (error) {
    return { kernel, difference: null, error: (error as Error).message };
  }
}

/** NaN, which is null in JSON, where a value is not finite or the shapes differ. */
function differenceOf(recorded: RecordedKernel): number {
  const answers = replayKernel(recorded);
  const differences = recorded.outputs.map(({ values: wanted }, i) => {
    const { values } = answers[i]!;
    if (values.length !== wanted.length) return NaN;
    let [largest, difference] = [0, 0];
    wanted.forEach((value, j) => {
      largest = Math.max(largest, Math.abs(value));
      // Math.max keeps NaN.
      difference = Math.max(difference, Math.abs(value - values[j]!));
    });
    return difference === 0 ? 0 : difference / largest;
  });
  return Math.max(0, ...differences);
}

function train({ network, steps }: Question & { kind: "train" }): Training {
  const step = createProbeNetwork(network);
  const seconds: number[] = [];
  const losses = Array.from({ length: steps }, () => {
    const start = performance.now();
    const loss = step();
    seconds.push((performance.now() - start) / 1000);
    return loss;
  });
  const timed = seconds.slice(1).sort((a, b) => a - b);
  const hash = createHash("sha256").update(new Float64Array(losses)).digest("hex");
  return { losses, hash, secondsPerStep: timed[timed.length >> 1]! };
}

if (import.meta.main) console.log(JSON.stringify(answer(JSON.parse(Deno.args[0]!))));

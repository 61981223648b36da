/**
 * What TensorFlow reads from the process's environment while it loads. Everything of this kind is set here.
 *
 * Deno.env.set changes the C library's environment too, which TensorFlow and oneDNN read by getenv.
 *
 * @module
 */
import { cpus } from "node:os";
import { checkThreads, computeThreads } from "./compute_threads.ts";
import { gpuEnvironment } from "./gpu.ts";
import { unknownName } from "../text/unknown_name.ts";
import { hasNvidiaDriver } from "../setup/platform.ts";

/** Our values for what the user has not set. */
const defaults = {
  // No word below an error.
  TF_CPP_MIN_LOG_LEVEL: "2",
  // By itself TensorFlow leaves oneDNN off on processors without AVX-512 VNNI: a training step takes six times as long.
  TF_ENABLE_ONEDNN_OPTS: "1",
} as const;

/** What decides how TensorFlow computes here, as it stands in records of runs and benchmarks. */
export interface ComputeSettings {
  /** Model name of the processor. */
  processor: string;
  /** Threads that TensorFlow computes one operation with. */
  threads: number;
  /** Whether TensorFlow computes with oneDNN. */
  oneDNN: boolean;
  /** The newest instruction set that oneDNN may use, where the user has set one, such as "AVX2". */
  oneDNNMaxIsa?: string;
}

/**
 * Sets what the user has not set. To be called before TensorFlow's library is opened; afterwards it changes nothing.
 *
 * @throws Error when the user's own setting is one that TensorFlow would pass over, or asks for a GPU that is not there
 */
export function setTensorflowEnvironment(): void {
  usesOneDNN();
  oneDNNMaxIsa();
  checkThreads();
  for (const [name, value] of Object.entries(defaults)) Deno.env.set(name, valueOf(name) ?? value);
  if (!hasNvidiaDriver()) return;
  for (const [name, value] of Object.entries(gpuEnvironment(Deno.env))) Deno.env.set(name, value);
}

/** The settings of this process and, since they inherit its environment, of the kernels it starts. */
export function computeSettings(): ComputeSettings {
  const maxIsa = oneDNNMaxIsa();
  return {
    processor: cpus()[0]?.model ?? "unknown",
    threads: computeThreads(),
    oneDNN: usesOneDNN(),
    ...maxIsa === undefined ? {} : { oneDNNMaxIsa: maxIsa },
  };
}

/** Those of oneDNN 3. It passes over another word, and computes without a cap. */
const isas = [
  ...[
    "DEFAULT",
    "ALL",
    "SSE41",
    "AVX",
    "AVX2",
    "AVX2_VNNI",
    "AVX2_VNNI_2",
    "AVX512_CORE",
    "AVX512_CORE_VNNI",
  ],
  ...["AVX512_CORE_BF16", "AVX512_CORE_FP16", "AVX512_CORE_AMX", "AVX512_CORE_AMX_FP16"],
  ...["AVX10_1_512", "AVX10_1_512_AMX", "AVX10_1_512_AMX_FP16"],
];

function oneDNNMaxIsa(): string | undefined {
  const name = ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"].find((name) => valueOf(name) !== undefined);
  if (name === undefined) return undefined;
  const value = valueOf(name)!.toUpperCase();
  if (!isas.includes(value)) {
    throw new Error(`Cannot load TensorFlow: ${name} ${unknownName(valueOf(name)!, isas)}`);
  }
  return value;
}

function usesOneDNN(): boolean {
  const name = "TF_ENABLE_ONEDNN_OPTS";
  const value = (valueOf(name) ?? defaults[name]).toLowerCase();
  if (!["0", "1", "false", "true"].includes(value)) {
    throw new Error(`Cannot load TensorFlow: ${name} must be 1 or 0, current value is "${value}"`);
  }
  return value === "1" || value === "true";
}

/** An empty variable counts as not set. */
function valueOf(name: string): string | undefined {
  return Deno.env.get(name) || undefined;
}

/**
 * Kinds of machines: their records lie side by side and are never mixed.
 *
 * @module
 */
import type { BenchmarkRecord } from "./benchmark_record.ts";

/** From the newest on: what of a processor's instructions decides how fast networks are. */
const INSTRUCTIONS: [flag: string, name: string][] = [
  ["amx_bf16", "AMX"],
  ["avx512_bf16", "AVX512 BF16"],
  ["avx512f", "AVX512"],
  ["avx2", "AVX2"],
];

/** Words that say nothing, or what the name says elsewhere. */
const EMPTY = /\((R|TM)\)|\b(Processor|CPU|[\w-]+-Core|w\/ .* Graphics)\b|@/gi;

/**
 * The kind of a machine in a few words, such as "Intel Xeon, AMX, 2 threads": processor, its instructions, threads, and
 * settings that hold it back ("capped at AVX2"). The host's name and the system are no part of it.
 */
export function machineKind(machine: BenchmarkRecord["machine"]): string {
  const { processor, flags, threads, settings = {} } = machine;
  const instructions = INSTRUCTIONS.find(([flag]) => flags.includes(flag))?.[1] ?? "without AVX2";
  const held = Object.entries(settings).map(([name, value]) =>
    name === "ONEDNN_MAX_CPU_ISA" ? `capped at ${value}` : `${name}=${value}`
  );
  const name = processor.replace(EMPTY, " ").trim().replace(/\s+/g, " ");
  return [name, instructions, `${threads} thread${threads === 1 ? "" : "s"}`, ...held].join(", ");
}

/** The same as a folder's name, such as `intel_xeon_amx_2_threads`. */
export function machineName(machine: BenchmarkRecord["machine"]): string {
  return machineKind(machine).toLowerCase().replace(/[^a-z0-9]+/g, "_");
}

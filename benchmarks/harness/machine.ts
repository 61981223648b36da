/**
 * Where and with what is measured.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { bytesHash } from "../../lib/files/seal.ts";
import { thisMachine } from "../../lib/runs/folder/machine.ts";
import { projectRoot, tensorflowFolder, usesCuda } from "../../lib/setup/tool_paths.ts";
import { arithmeticSettings } from "./arithmetic_settings.ts";
import type { BenchmarkRecord } from "./benchmark_record.ts";

/** What of the processor decides how fast networks are. */
const FLAGS = ["avx2", "avx512f", "avx512_bf16", "avx512_fp16", "amx_bf16", "amx_tile", "amx_int8"];

/** The peers' packages whose versions are recorded. */
const PACKAGES = ["torch", "monai", "nnunetv2", "nibabel", "surface-distance", "numpy", "scipy"];

/** The machine this process runs on. */
export async function benchmarkMachine(): Promise<BenchmarkRecord["machine"]> {
  // Deno itself may read /proc with all permissions only.
  const text = await output(["cat", "/proc/cpuinfo"]);
  const fields = (key: string) =>
    [...text.matchAll(new RegExp(`^${key}\\s*: (.*)$`, "gm"))].map(([, v]) => v);
  const flags = fields("flags")[0]?.split(" ") ?? [];
  const sockets = fields("physical id");
  const cores = new Set(fields("core id").map((core, index) => `${sockets[index]}/${core}`)).size;
  const { system, threads, oneDNN } = thisMachine();
  return {
    // Tells two machines apart, and nobody which they are.
    host: bytesHash("benchmarks on ", Deno.hostname()).slice(0, 8),
    system,
    threads,
    cores: cores || threads,
    processor: fields("model name")[0] ?? "unknown",
    oneDNN,
    flags: FLAGS.filter((flag) => flags.includes(flag)),
    settings: arithmeticSettings(),
    memoryGiB: Deno.systemMemoryInfo().total / 2 ** 30,
  };
}

/** The machine in one sentence. */
export function describeMachine(machine: BenchmarkRecord["machine"]): string {
  const { processor, cores, threads, flags, settings = {}, memoryGiB, system } = machine;
  const parts = [
    processor,
    `${cores} cores${threads === cores ? "" : `, ${threads} threads`}`,
    ...flags.length > 0 ? [`with ${flags.join(", ")}`] : [],
    `${memoryGiB.toFixed(0)} GiB`,
    system,
    ...heldBy(settings),
  ];
  return `${parts.join(", ")}.`;
}

function heldBy(settings: Record<string, string>): string[] {
  const list = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  if (list.length === 0) return [];
  // TensorFlow's kernels outside oneDNN choose their instructions by the processor itself.
  return [`held back by ${list.join(" ")}: this imitates an older processor for a part of the kernels only`];
}

/**
 * Versions by name: ours, and those of the peers that are installed.
 *
 * @param python of the peers' environment
 */
export async function benchmarkVersions(python: string): Promise<Record<string, string>> {
  const packages = `${projectRoot}/node_modules/@tensorflow/tfjs-node-gpu/package.json`;
  const probe = `
import importlib.metadata, json, platform
found = {d.name.lower(): d.version for d in importlib.metadata.distributions()}
print(json.dumps({"Python": platform.python_version(), **{n: found[n] for n in ${
    JSON.stringify(PACKAGES)
  } if n in found}}))
`;
  return {
    Deno: Deno.version.deno,
    TensorFlow: await tensorflowVersion(),
    tfjs: JSON.parse(await Deno.readTextFile(packages)).version,
    ...JSON.parse(await output([python, "-I", "-c", probe])),
  };
}

/** As the wheel's folder tells, since TensorFlow is not loaded here. */
async function tensorflowVersion(): Promise<string> {
  const folder = dirname(tensorflowFolder(projectRoot, usesCuda(projectRoot)));
  for await (const { name } of Deno.readDir(folder)) {
    const match = basename(name).match(/^tensorflow(?:_cpu)?-([\d.]+)\.dist-info$/);
    if (match) return match[1];
  }
  throw new Error(`Cannot tell TensorFlow's version: no tensorflow-*.dist-info (${join(folder)})`);
}

async function output([program, ...args]: [string, ...string[]]): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args, stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}

/**
 * What a benchmark leaves: `<name>.json` of a version's folder, with every repetition.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { readTextIfThere, writeJson } from "../../lib/files/whole_file.ts";

/** JSON has no NaN and no infinities: both are null there. */
const number = z.number().nullable().transform((value) => value ?? NaN);

const ratio = z.object({
  work: z.string(),
  ours: z.string(),
  peer: z.string(),
  unit: z.enum(["s", "MiB"]),
  oursValue: number,
  peerValue: number,
  ratio: number,
  spread: z.tuple([number, number]),
  goal: z.number().optional(),
});

const measurement = z.object({
  name: z.string(),
  seconds: z.array(number),
  outputs: z.array(z.array(number)),
  idleMiB: number,
  peakMiB: number,
});

const curve = z.object({
  title: z.string(),
  x: z.string(),
  y: z.string(),
  points: z.array(z.object({ x: number, y: number })),
});

export const benchmarkRecord = z.object({
  name: z.string(),
  title: z.string(),
  started: z.string(),
  ended: z.string(),
  machine: z.object({
    host: z.string(),
    system: z.string(),
    threads: z.number(),
    /** Physical ones. */
    cores: z.number(),
    processor: z.string(),
    /** Whether TensorFlow computed with oneDNN; older records do not say. */
    oneDNN: z.boolean().optional(),
    /** Extensions of the processor that matter here. */
    flags: z.array(z.string()),
    /** Of the environment, that hold the machine back: see `arithmeticSettings`. Records from before it was kept have none. */
    settings: z.record(z.string(), z.string()).optional(),
    memoryGiB: z.number(),
  }),
  /** Of Deno, TensorFlow, torch, …: by name. */
  versions: z.record(z.string(), z.string()),
  git: z.object({ commit: z.string(), modified: z.boolean() }).optional(),
  /** What other programs used of the processors' time meanwhile, 0 to 1. */
  othersShare: z.number().optional(),
  ratios: z.array(ratio),
  /** Largest relative differences between outputs, by what was compared. */
  equality: z.record(z.string(), number),
  measurements: z.array(measurement),
  curves: z.array(curve).default([]),
  notes: z.array(z.string()).default([]),
});

export type BenchmarkRecord = z.infer<typeof benchmarkRecord>;

/** Writes `<name>.json`, whole or not at all. */
export async function writeBenchmarkRecord(
  folder: string,
  record: z.input<typeof benchmarkRecord>,
): Promise<void> {
  await writeJson(join(folder, `${record.name}.json`), record);
}

/**
 * The records of a version's folder, by name; none when the folder is missing.
 *
 * @throws Error naming a file that is not a record
 */
export async function readBenchmarkRecords(folder: string): Promise<BenchmarkRecord[]> {
  const records: BenchmarkRecord[] = [];
  for (const name of await jsonFiles(folder)) {
    const path = join(folder, name);
    try {
      records.push(benchmarkRecord.parse(JSON.parse((await readTextIfThere(path))!)));
    } catch (cause) {
      const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
      throw new Error(`Cannot read benchmark: ${reason} (${path})`, { cause });
    }
  }
  return records;
}

async function jsonFiles(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.map(({ name }) => name).filter((name) => name.endsWith(".json")).sort();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw cause;
  }
}

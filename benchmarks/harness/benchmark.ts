/**
 * What one benchmark is and what it leaves behind.
 *
 * @module
 */
import type { Measurement } from "./contest.ts";
import type { Ratio } from "./ratio.ts";

/** What a benchmark is given. */
export interface BenchmarkContext {
  /** An empty folder, removed afterwards. */
  temporary: string;
  /** The Deno that starts our contestants. */
  deno: string;
  /** The Python of the peers' environment. */
  python: string;
  /** Folder of the datasets. */
  dataRoot: string;
  /** Says how far it is. */
  progress: (text: string) => void;
}

/** How cost grows with something; the figure shows one curve each. */
export interface GrowthCurve {
  /** Title of the figure. */
  title: string;
  /** What grows, with its unit, such as "datasets" or "voxels per side". */
  x: string;
  /** What it costs, with its unit, such as "seconds per step". */
  y: string;
  points: { x: number; y: number }[];
}

export interface BenchmarkResult {
  ratios: Ratio[];
  /** Largest relative differences between outputs, by what was compared. */
  equality: Record<string, number>;
  measurements: Measurement[];
  /** @default none */
  curves?: GrowthCurve[];
  /** Sentences for below the table. @default none */
  notes?: string[];
}

/** A module of benchmarks/contests exports one as `benchmark`. */
export interface Benchmark {
  /** Name of the module without extension. */
  name: string;
  /** In one line. */
  title: string;
  run(context: BenchmarkContext): Promise<BenchmarkResult>;
}

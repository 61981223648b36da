/**
 * The table of benchmarks.
 *
 * @module
 */
import { isMet, type Ratio } from "../harness/ratio.ts";
import { type Cell, type Table, table } from "../../lib/plots/tables/table.ts";

export interface BenchmarkTableOptions {
  /** @default "" */
  caption?: string | undefined;
  /** @default [] */
  notes?: string[] | undefined;
}

/** One row a ratio; a line stands between benchmarks. */
export function benchmarkTable(
  benchmarks: readonly { ratios: readonly Ratio[] }[],
  { caption, notes }: BenchmarkTableOptions = {},
): Table {
  const rows = benchmarks.flatMap(({ ratios }) => ratios.map(row));
  const blocks: number[] = [];
  for (const { ratios } of benchmarks) blocks.push((blocks.at(-1) ?? 0) + ratios.length);
  const columns = [
    "work",
    "ours",
    "peer",
    "ours (median)",
    "peer (median)",
    "ratio",
    "spread",
    "goal",
    "met",
  ];
  return table(rows, { columns, caption, notes, blocks: blocks.slice(0, -1) });
}

function row(ratio: Ratio): Record<string, Cell> {
  const { work, ours, peer, unit, oursValue, peerValue, spread: [low, high], goal } = ratio;
  return {
    work,
    ours,
    peer,
    goal: goal ?? null,
    "ours (median)": quantity(oursValue, unit),
    "peer (median)": quantity(peerValue, unit),
    ratio: Number(ratio.ratio.toPrecision(3)),
    spread: `${significant(low, 3)}–${significant(high, 3)}`,
    met: goal === undefined ? null : isMet(ratio) ? "yes" : { text: "no", bold: true },
  };
}

/** A time in s or ms, memory in MiB, with three digits. */
export function quantity(value: number, unit: Ratio["unit"]): string {
  if (unit === "s" && Math.abs(value) < 1) return `${significant(value * 1000, 3)} ms`;
  return `${significant(value, 3)} ${unit}`;
}

/** A number with so many significant digits, never in powers of ten, all digits before the point kept. */
export function significant(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const before = Math.floor(Math.log10(Math.abs(value))) + 1;
  return value.toFixed(Math.min(20, Math.max(0, digits - before)));
}

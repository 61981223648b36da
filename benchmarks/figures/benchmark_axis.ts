/**
 * Logarithmic axes of benchmarks' figures.
 *
 * @module
 */
import type { Layout } from "../../lib/plots/figure.ts";
import { significant } from "./benchmark_table.ts";

/** More ticks than these stand too close. */
const MOST_TICKS = 9;

export interface LogAxisOptions {
  /** The axis spans at least this factor, so that noise is not seen as growth. @default 4 */
  least?: number;
  /** Ticks stand at the values themselves where they are few. @default false */
  ticksAtValues?: boolean;
}

/** An axis around positive values, with ticks at powers of ten, and at multiples of these where there is room. */
export function logAxis(
  values: readonly number[],
  { least = 4, ticksAtValues = false }: LogAxisOptions = {},
): Layout {
  const logs = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  const [low, high] = logs.length > 0 ? [Math.min(...logs), Math.max(...logs)] : [0, 0];
  const half = Math.max((high - low) / 2, Math.log10(least) / 2) * 1.1;
  const range: [number, number] = [(low + high) / 2 - half, (low + high) / 2 + half];
  const own = [...new Set(values)];
  const tickvals = ticksAtValues && own.length <= MOST_TICKS ? own : ticks(range);
  return { type: "log", range, tickvals, ticktext: tickvals.map(label) };
}

function ticks([low, high]: [number, number]): number[] {
  const powers = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, i) => Math.floor(low) + i);
  const within = (digits: number[]) =>
    powers.flatMap((power) => digits.map((digit) => digit * 10 ** power))
      .filter((value) => Math.log10(value) >= low && Math.log10(value) <= high);
  const choices = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5]].map(within);
  return choices.find(({ length }) => length <= MOST_TICKS) ?? within([1]);
}

function label(value: number): string {
  return Number.isInteger(value) ? String(value) : significant(value, 1).replace(/(\.\d*?)0+$/, "$1");
}

/**
 * Progress of benchmarks in the terminal: a line each.
 *
 * @module
 */
import type { BenchmarkProgress } from "./run_benchmarks.ts";
import { printable } from "../../lib/plots/escape.ts";

/** The line of the benchmark that runs changes on a terminal; elsewhere there is its end alone. */
export function showBenchmarks(names: readonly string[]): BenchmarkProgress {
  const width = Math.max(...names.map(({ length }) => length));
  const terminal = Deno.stderr.isTerminal();
  let head = "";
  const write = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
  const change = (text: string) => {
    if (!terminal) return;
    const line = `${head}${printable(text)}`;
    write(`\r\x1b[K${[...line].slice(0, (Deno.consoleSize().columns || 80) - 1).join("")}`);
  };
  return {
    begin(name) {
      head = `  ${name.padEnd(width)}  `;
      change("begins");
    },
    progress: change,
    end(seconds, error) {
      const text = error ? `failed: ${printable(error.message)}` : `${seconds.toFixed(0)} s`;
      write(`${terminal ? "\r\x1b[K" : ""}${head}${text}\n`);
    },
  };
}

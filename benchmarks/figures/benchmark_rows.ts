/**
 * Where the rows of the benchmarks' figure stand.
 *
 * @module
 */
import type { Ratio } from "../harness/ratio.ts";

/** A line of the figure. */
export interface BenchmarkRow {
  /** The name of a block, of a work below it, or of a pair that did the work. */
  kind: "block" | "work" | "pair";
  text: string;
  /** Px from the top to the line's middle. */
  y: number;
  /** Of a pair. */
  ratio?: Ratio;
}

/** Height of each kind of line in px, with the space above it. */
const HEIGHT = { block: 32, work: 27, pair: 20 };
const BLOCKS: [Ratio["unit"], string][] = [["s", "Time"], ["MiB", "Memory"]];

/** Time first, then memory; within them each work once, with everyone who did it below. */
export function benchmarkRows(ratios: readonly Ratio[]): { rows: BenchmarkRow[]; height: number } {
  const rows: BenchmarkRow[] = [];
  let height = 0;
  const add = (row: Omit<BenchmarkRow, "y">) => {
    height += HEIGHT[row.kind];
    rows.push({ ...row, y: height - HEIGHT.pair / 2 });
  };
  for (const [unit, text] of BLOCKS) {
    const own = ratios.filter((ratio) => ratio.unit === unit);
    if (own.length === 0) continue;
    add({ kind: "block", text });
    for (const [work, same] of Map.groupBy(own, ({ work }) => work)) {
      add({ kind: "work", text: work });
      for (const ratio of same) add({ kind: "pair", text: pairName(ratio), ratio });
    }
  }
  return { rows, height: height + HEIGHT.pair / 2 };
}

/** Parts of one measurement are called "work: part"; the work stands above. */
function pairName({ ours, peer }: Ratio): string {
  const shared = ours.slice(0, ours.lastIndexOf(": ") + 2);
  const start = shared.length > 1 && peer.startsWith(shared) ? shared.length : 0;
  return `${ours.slice(start)} vs ${peer.slice(start)}`;
}

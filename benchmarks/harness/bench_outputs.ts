/**
 * What is made from the results of a version of benchmarks: a table and figures.
 *
 * @module
 */
import { join } from "@std/path";
import { type BenchmarkRecord, readBenchmarkRecords } from "./benchmark_record.ts";
import { growthExponent } from "./growth_exponent.ts";
import { describeMachine } from "./machine.ts";
import { machineKind } from "./machine_name.ts";
import { isMet } from "./ratio.ts";
import { writeWholeFile } from "../../lib/files/whole_file.ts";
import { benchmarkGrowth } from "../figures/benchmark_growth.ts";
import { benchmarkRatios } from "../figures/benchmark_ratios.ts";
import { benchmarkTable, significant } from "../figures/benchmark_table.ts";
import { saveFigure } from "../../lib/plots/save_figure.ts";
import { saveTable } from "../../lib/plots/tables/save_table.ts";
import type { Table } from "../../lib/plots/tables/table.ts";
import { toCsv } from "../../lib/files/csv_file.ts";

/** A bench beside which others use more of the processors than this is called disturbed. */
const MOST_OTHERS = 0.05;

/**
 * Writes `table.md`, `table.tex`, `table.csv`, `figures/ratios` and a figure a curve from all results of a version's
 * folder, and returns the table; undefined where there are no results.
 */
export async function writeBenchmarkOutputs(folder: string): Promise<Table | undefined> {
  const records = await readBenchmarkRecords(folder);
  const [first] = records;
  if (!first) return undefined;
  const machine = describeMachine(first.machine);
  const table = benchmarkTable(records, {
    caption: `What Consilium costs compared with its peers: ${machineKind(first.machine)}`,
    notes: [...notesOf(records), machine, ...versionNotes(records)],
  });
  await saveTable(table, { folder, name: "table" });
  await writeWholeFile(join(folder, "table.csv"), csvOf(records));
  const figures = join(folder, "figures");
  const ratios = records.flatMap((record) => record.ratios);
  if (ratios.length > 0) {
    await saveFigure(benchmarkRatios(ratios, { notes: [machine] }), { folder: figures, name: "ratios" });
  }
  for (const { name, curves } of records) {
    for (const [index, curve] of curves.entries()) {
      const growth = `Grows as ${curve.x} to the power of ${growthExponent(curve.points).toFixed(2)}.`;
      const figure = benchmarkGrowth(curve, { notes: [growth, machine] });
      await saveFigure(figure, { folder: figures, name: curves.length > 1 ? `${name}_${index + 1}` : name });
    }
  }
  return table;
}

function notesOf(records: readonly BenchmarkRecord[]): string[] {
  return [
    "Medians of the rounds, in each of which everyone worked once. The spread is the 10th to 90th percentile of the " +
    "rounds' ratios. Memory is the growth above the idle process.",
    ...records.flatMap(({ name, equality, notes, othersShare = 0 }) => {
      const differences = Object.entries(equality).map(([what, value]) => `${what} ${significant(value, 2)}`);
      return [
        ...differences.length > 0
          ? [`${name}: largest relative difference of outputs: ${differences.join("; ")}.`]
          : [],
        ...notes.map((note) => `${name}: ${note}`),
        ...othersShare > MOST_OTHERS
          ? [
            `${name}: DISTURBED: other programs used ${
              (100 * othersShare).toFixed(0)
            } % of the processors meanwhile.`,
          ]
          : [],
      ];
    }),
  ];
}

/** Of benchmarks that were run at different times, each different text once. */
function versionNotes(records: readonly BenchmarkRecord[]): string[] {
  const texts = records.map(({ versions, git }) => {
    const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    const commit = git ? `; commit ${git.commit.slice(0, 7)}${git.modified ? " with changes" : ""}` : "";
    return `${list.join(", ")}${commit}.`;
  });
  return [...new Set(texts)];
}

function csvOf(records: readonly BenchmarkRecord[]): string {
  const rows = records.flatMap(({ name, ratios }) =>
    ratios.map((ratio) => ({
      benchmark: name,
      work: ratio.work,
      ours: ratio.ours,
      peer: ratio.peer,
      unit: ratio.unit,
      ours_median: ratio.oursValue,
      peer_median: ratio.peerValue,
      ratio: ratio.ratio,
      low: ratio.spread[0],
      high: ratio.spread[1],
      ...ratio.goal === undefined ? {} : { goal: ratio.goal, met: isMet(ratio) },
    }))
  );
  const columns = ["benchmark", "work", "ours", "peer", "unit", "ours_median", "peer_median", "ratio"];
  return toCsv(rows, [...columns, "low", "high", "goal", "met"]);
}

/**
 * The command `runs compare <a> <b>`: what two runs have in common and what not.
 *
 * @module
 */
import { join, resolve } from "@std/path";
import { type Cell, type Table, table, tableToText } from "../plots/table.ts";
import { compareRuns, type RunComparison, type ScoredRun } from "../runs/catalogue/compare_runs.ts";
import { readMetrics } from "../runs/read_run.ts";
import { readRunRecord } from "../runs/run_record.ts";
import { stateOf } from "../runs/run_state.ts";
import { comparisonJson } from "./runs_json.ts";

export interface PrintComparisonOptions {
  /** Print it as JSON, see runs_json.ts. @default false */
  json?: boolean;
}

/**
 * Prints the comparison of two finished runs.
 *
 * @param texts each a run's name, such as `phantom/mutual/default/v001`, or its folder
 * @throws Error when there is no such run, or it is not finished
 */
export async function printComparison(
  texts: readonly [string, string],
  results: string,
  { json = false }: PrintComparisonOptions = {},
): Promise<void> {
  const [a, b] = await Promise.all(texts.map((text) => findScored(text, results)));
  const comparison = await compareRuns(a, b);
  if (json) return console.log(comparisonJson(a.name, b.name, comparison));
  console.log(`A: ${a.name}\nB: ${b.name}\n`);
  if (comparison.parameters.length > 0) console.log(tableToText(parameterTable(comparison)));
  else console.log("All parameters are equal.");
  if (comparison.others.length > 0) console.log(`Also different: ${comparison.others.join(", ")}.`);
  console.log(`\n${tableToText(organTable(comparison))}`);
}

async function findScored(text: string, results: string): Promise<ScoredRun> {
  for (const folder of [resolve(text), join(results, text), join(results, `${text}.partial`)]) {
    const record = await readRunRecord(folder);
    if (!record) continue;
    const state = await stateOf({ folder, record });
    if (state !== "finished") {
      throw new Error(`Cannot compare: the run must be finished, it is ${state} (${folder})`);
    }
    const { cohort, experiment, slug, version } = record;
    const name = [cohort, experiment, slug, `v${String(version).padStart(3, "0")}`].join("/");
    return { name, record, scores: await readMetrics({ folder }) };
  }
  throw new Error(
    `Cannot compare: there is no run ${text}; it must be a run's folder, or a name such as ` +
      `phantom/mutual/default/v001 in ${results}`,
  );
}

function parameterTable({ parameters }: RunComparison): Table {
  return table(parameters.map(({ name, a, b }) => ({ parameter: name, A: a, B: b })));
}

function organTable({ organs, sameCases }: RunComparison): Table {
  const rows = organs.map(({ organ, dice, hd95 }): Record<string, Cell> => ({
    organ,
    "Dice A": fixed(dice.a, 3),
    "Dice B": fixed(dice.b, 3),
    "Dice B-A": signed(dice.b - dice.a, 3),
    "HD95 A": fixed(hd95.a, 1),
    "HD95 B": fixed(hd95.b, 1),
    "HD95 B-A": signed(hd95.b - hd95.a, 1),
  }));
  const notes = [
    "Dice: mean over cases; HD95: median over cases, mm.",
    ...sameCases ? [] : ["The runs were scored on different test cases: their difference says little."],
  ];
  return table(rows, { notes });
}

function fixed(value: number, digits: number): Cell {
  return Number.isFinite(value) ? value.toFixed(digits) : value;
}

function signed(value: number, digits: number): Cell {
  if (!Number.isFinite(value)) return value;
  const text = value.toFixed(digits);
  return Number(text) > 0 ? `+${text}` : text.replace(/^-(0\.0*)$/, "$1");
}

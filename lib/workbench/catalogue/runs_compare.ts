/**
 * The command `runs compare <a> <b>`: what two runs have in common and what not.
 *
 * @module
 */
import { join, resolve } from "@std/path";
import { scoreHeading } from "../../comparison/score_arms.ts";
import { scoreText, signedText } from "../../plots/arms/score_text.ts";
import { type Table, table, tableToText } from "../../plots/tables/table.ts";
import { compareRuns, type RunComparison, type ScoredRun } from "../../comparison/catalogue/compare_runs.ts";
import { nearestRun } from "../../runs/folder/nearest_run.ts";
import { readMetrics } from "../../runs/folder/read_run.ts";
import { readRunRecord } from "../../runs/folder/run_record.ts";
import { stateOf } from "../../runs/folder/run_state.ts";
import { comparisonJson } from "./runs_json.ts";

export interface PrintComparisonOptions {
  /** Print it as JSON, see runs_json.ts. @default false */
  json?: boolean | undefined;
}

/**
 * Prints the comparison of two finished runs.
 *
 * @param pair each a run's name, such as `phantom/mutual/default/v001`, or its folder
 * @throws Error when there is no such run, or it is not finished
 */
export async function printComparison(
  pair: readonly [string, string],
  results: string,
  { json = false }: PrintComparisonOptions = {},
): Promise<void> {
  const [a, b] = await Promise.all([findScored(pair[0], results), findScored(pair[1], results)]);
  const comparison = await compareRuns(a, b);
  if (json) return console.log(comparisonJson(a.name, b.name, comparison));
  console.log(`A: ${a.name}\nB: ${b.name}\n`);
  if (comparison.parameters.length > 0) console.log(tableToText(parameterTable(comparison)));
  else console.log("All parameters are equal.");
  if (comparison.others.length > 0) console.log(`Also different: ${comparison.others.join(", ")}.`);
  if (comparison.scores.length > 0) console.log(`\n${tableToText(scoreTable(comparison))}`);
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
      `phantom/mutual/default/v001 in ${results}${await nearestRun(text, results)}`,
  );
}

function parameterTable({ parameters }: RunComparison): Table {
  return table(parameters.map(({ name, a, b }) => ({ parameter: name, A: a, B: b })));
}

/** A block a metric, a row an organ: narrow enough for a terminal of 80 columns. */
function scoreTable({ scores, sameCases }: RunComparison): Table {
  const made = table([], {
    columns: ["score", "organ", "A", "B", "B − A"],
    notes: sameCases ? [] : ["The runs were scored on different test cases: their difference says little."],
  });
  for (const scored of scores) {
    const { metric, organs, arms } = scored;
    made.blocks.push(made.rows.length);
    [...organs, "mean over organs"].forEach((organ, index) => {
      const [a, b] = ["A", "B"].map((run) => {
        const arm = arms.find(({ name }) => name === run);
        return arm && (arm.organs[index] ?? arm.mean);
      });
      made.rows.push([
        index === 0 ? scoreHeading(scored) : "",
        organ,
        a && scoreText(a, metric),
        b && scoreText(b, metric),
        signedText((b?.value ?? NaN) - (a?.value ?? NaN), metric),
      ]);
    });
  }
  return made;
}

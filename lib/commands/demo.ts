/**
 * `deno task demo`: deep mutual learning and its three ablations on the built-in phantom, in one table.
 *
 * Exits 1 when an arm failed, 2 when it was called wrongly, 130 when it was stopped.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { summaryTable } from "../plots/summary_table.ts";
import { tableToText } from "../plots/table.ts";
import { readMetrics } from "../runs/read_run.ts";
import type { ScoreRow } from "../runs/scores.ts";
import { exitWith } from "./exit_with.ts";
import { listenForInterrupts } from "./interrupts.ts";
import { describeEnd, runArm, shortPath } from "./run_arm.ts";

const USAGE = `Usage: deno task demo

Three partially labelled datasets of phantoms become one model for all organs: the method, then three ablations, each a
notebook of experiments/. It takes no arguments, and five to eight minutes on two cores. A demo that was stopped goes on
when it is started again.`;

const arms = ["mutual", "no_mutual_difference", "no_similarity", "no_feature_sharing"];

export interface DemoOptions {
  /** Parameters of every arm, as `name=value`. @default ["cohort=phantom"] */
  settings?: readonly string[];
}

/** Runs the command; returns the exit code. */
export async function demo(args: string[], options: DemoOptions = {}): Promise<number> {
  const { settings = ["cohort=phantom"] } = options;
  const { values } = parseArgs({ args, options: { help: { type: "boolean", short: "h" } } });
  if (values.help) {
    console.error(USAGE);
    return 0;
  }
  console.error(
    "Three partially labelled datasets of phantoms become one model for all organs: the method, then three",
  );
  console.error("ablations, each a notebook of experiments/. Five to eight minutes on two cores.\n");
  const started = performance.now();
  const interrupts = listenForInterrupts(() =>
    console.error("\nStopping after this step; again to stop at once …")
  );
  const scores: Record<string, ScoreRow[]> = {};
  const runs: string[] = [];
  for (const arm of arms) {
    const result = await runArm(arm, settings, interrupts);
    console.error(`${describeEnd(result)}\n`);
    if (result.failure) return result.stopped ? 130 : 1;
    scores[arm] = await readMetrics({ folder: result.folder.path });
    runs.push(`${arm}: ${shortPath(result.folder.path)}`);
  }
  console.log(tableToText(summaryTable(scores, { caption: "Scores of the test cases" })));
  console.log(runs.join("\n"));
  console.error(`\n${((performance.now() - started) / 60000).toFixed(1)} minutes.`);
  return 0;
}

if (import.meta.main) await exitWith(demo);

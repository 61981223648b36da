/**
 * `deno task demo`: deep mutual learning and its three ablations on the built-in phantom, in one table.
 *
 * @module
 */
import { organTable } from "../plots/organ_table.ts";
import { tableToText } from "../plots/table.ts";
import { readMetrics } from "../runs/read_run.ts";
import type { ScoreRow } from "../runs/scores.ts";
import { listenForInterrupts } from "./interrupts.ts";
import { describeEnd, runArm, shortPath } from "./run_arm.ts";

const arms = ["mutual", "no_mutual_difference", "no_similarity", "no_feature_sharing"];

/** Runs the command; returns the exit code. */
export async function demo(): Promise<number> {
  console.error(
    "Three partially labelled datasets of phantoms become one model for all organs: the method, then three",
  );
  console.error("ablations, each a notebook of experiments/. About five minutes on two cores.\n");
  const started = performance.now();
  const interrupts = listenForInterrupts(() =>
    console.error("\nStopping after this step; again to stop at once …")
  );
  const scores: Record<string, ScoreRow[]> = {};
  const folders: string[] = [];
  for (const arm of arms) {
    const result = await runArm(arm, ["cohort=phantom"], interrupts);
    console.error(`${describeEnd(result)}\n`);
    if (result.failure) return result.stopped ? 130 : 1;
    scores[arm] = await readMetrics({ folder: result.folder.path });
    folders.push(`${arm}: ${shortPath(result.folder.path)}`);
  }
  console.log(tableToText(organTable(scores, { caption: "Phantom test cases" })));
  console.log(folders.join("\n"));
  console.error(`\n${((performance.now() - started) / 60000).toFixed(1)} minutes.`);
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await demo());
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(2);
  }
}

/**
 * What the parts of a method bring: finished runs of several arms and seeds, compared with the whole method.
 *
 * @module
 */
import { withSeed } from "../comparison/arm_groups.ts";
import { compareArms } from "../comparison/compare_arms.ts";
import type { Comparison } from "../comparison/comparison.ts";
import type { ScoreRow } from "../metrics/score_row.ts";
import { readMetrics } from "../runs/folder/read_run.ts";

export interface AblationRun {
  arm: string;
  seed: number;
  /** The run's folder. */
  folder: string;
}

/**
 * Compares the Dice of exactly these runs: others that lie beside them, of other seeds or parameters, count nowhere.
 *
 * @param reference the arm that the others are compared with
 */
export async function scoreAblation(runs: readonly AblationRun[], reference: string): Promise<Comparison> {
  const scores: Record<string, ScoreRow[]> = {};
  for (const { arm, seed, folder } of runs) {
    (scores[arm] ??= []).push(...withSeed(await readMetrics({ folder }), seed));
  }
  return compareArms(scores, { metric: "dice", reference });
}

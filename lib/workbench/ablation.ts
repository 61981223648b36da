/**
 * What the parts of a method bring: finished runs of several arms and seeds, compared with the whole method.
 *
 * @module
 */
import { withSeed } from "../comparison/arm_groups.ts";
import { compareArms } from "../comparison/compare_arms.ts";
import type { Comparison } from "../comparison/comparison.ts";
import { requireSameTests } from "../comparison/same_tests.ts";
import { settingWarnings } from "../comparison/setting_warnings.ts";
import type { ScoreRow } from "../metrics/score_row.ts";
import { readMetrics } from "../runs/folder/read_run.ts";
import { readRunRecord, type RunRecord } from "../runs/folder/run_record.ts";

export interface AblationRun {
  arm: string;
  seed: number;
  /** The run's folder. */
  folder: string;
}

export interface Ablation {
  comparison: Comparison;
  /** Sentences on what makes the arms unequal besides their methods. */
  warnings: string[];
}

/**
 * Compares the Dice of exactly these runs: others that lie beside them, of other seeds or parameters, count nowhere.
 *
 * @param reference the arm that the others are compared with
 * @throws {Error} Arms were scored on different scans or truth of the same ids.
 */
export async function scoreAblation(runs: readonly AblationRun[], reference: string): Promise<Ablation> {
  const scores: Record<string, ScoreRow[]> = {}, records: Record<string, { record: RunRecord }[]> = {};
  for (const { arm, seed, folder } of runs) {
    (scores[arm] ??= []).push(...withSeed(await readMetrics({ folder }), seed));
    const record = await readRunRecord(folder);
    if (record) (records[arm] ??= []).push({ record });
  }
  const arms = Object.entries(records).map(([name, runs]) => ({ name, runs }));
  requireSameTests(arms);
  return {
    comparison: compareArms(scores, { metric: "dice", reference }),
    warnings: settingWarnings(arms),
  };
}

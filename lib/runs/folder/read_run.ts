/**
 * The tables of one run.
 *
 * @module
 */
import { join } from "@std/path";
import type { HistoryRow } from "../../training/recorder.ts";
import { readHistoryFile } from "../tables/history.ts";
import { type PseudoLabelRow, readPseudoLabelsFile } from "../tables/pseudo_labels.ts";
import { type PostprocessingRow, readPostprocessingFile } from "../tables/postprocessing.ts";
import type { ScoreRow } from "../../metrics/score_row.ts";
import { readScores } from "../tables/scores.ts";
import { readRunRecord } from "./run_record.ts";
import { checkScores, checkTable } from "./sealed_scores.ts";

/** A run, or anything else with a run's folder. */
export interface InFolder {
  readonly folder: string;
}

/**
 * Scores of every test case and organ; none while the run is not evaluated.
 *
 * @example
 * ```ts
 * import { listRuns, readMetrics } from "consilium/results";
 * import { organDice } from "consilium/plots";
 *
 * const [run] = await listRuns("hippocampus");
 * organDice(await readMetrics(run!));
 * ```
 *
 * @throws Error when a finished run's are not those that it had when it ended
 */
export async function readMetrics({ folder }: InFolder): Promise<ScoreRow[]> {
  const path = join(folder, "metrics.csv");
  const rows = await readScores(path);
  const record = await readRunRecord(folder);
  if (record?.status === "finished") await checkScores(path, { rows, record });
  return rows;
}

/**
 * Scores of a run whose other tables can be read, too: whoever counts it shows them.
 *
 * @throws Error when one of its tables cannot be read, or is not what it was when the run ended
 */
export async function readWholeRun(run: InFolder): Promise<ScoreRow[]> {
  const [scores] = await Promise.all([
    readMetrics(run),
    readHistory(run),
    readPseudoLabels(run),
    readPostprocessing(run),
  ]);
  return scores;
}

/**
 * What its stages logged, in the order of the stages.
 *
 * @example
 * ```ts
 * import { listRuns, readHistory } from "consilium/results";
 * import { trainingCurves } from "consilium/plots";
 *
 * const [run] = await listRuns("hippocampus");
 * trainingCurves(await readHistory(run!));
 * ```
 */
export async function readHistory({ folder }: InFolder): Promise<HistoryRow[]> {
  await checkTable(folder, "history.csv", await readRunRecord(folder));
  return await readHistoryFile(join(folder, "history.csv"));
}

/**
 * What became of its pseudo labels; none for arms without.
 *
 * @example
 * ```ts
 * import { listRuns, readPseudoLabels } from "consilium/results";
 *
 * const [run] = await listRuns("hippocampus");
 * const dropped = (await readPseudoLabels(run!)).filter(({ kept }) => !kept);
 * ```
 */
export async function readPseudoLabels({ folder }: InFolder): Promise<PseudoLabelRow[]> {
  await checkTable(folder, "pseudo_labels.csv", await readRunRecord(folder));
  return await readPseudoLabelsFile(join(folder, "pseudo_labels.csv"));
}

/**
 * What is taken away from its predictions, by organ; none of runs without postprocessing.
 *
 * @example
 * ```ts
 * import { listRuns, readPostprocessing } from "consilium/results";
 *
 * const [run] = await listRuns("hippocampus");
 * for (const { organ, before, after } of await readPostprocessing(run!)) console.log(organ, before, after);
 * ```
 */
export async function readPostprocessing({ folder }: InFolder): Promise<PostprocessingRow[]> {
  await checkTable(folder, "postprocessing.csv", await readRunRecord(folder));
  return await readPostprocessingFile(join(folder, "postprocessing.csv"));
}

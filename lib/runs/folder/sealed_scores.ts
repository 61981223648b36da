/**
 * The scores of a finished run are sealed: whoever counts a run may rely on all of its rows.
 *
 * @module
 */
import { textHash } from "../../files/content_hash.ts";
import { readTextIfThere } from "../../files/whole_file.ts";
import type { ScoreRow } from "../../metrics/score_row.ts";
import { readScores } from "../tables/scores.ts";
import type { RunRecord } from "./run_record.ts";

/** What run.json keeps of a metrics.csv; undefined where there is none. */
export async function sealScores(path: string): Promise<RunRecord["scores"]> {
  const text = await readTextIfThere(path);
  return text === undefined
    ? undefined
    : { rows: (await readScores(path)).length, hash: await textHash(text) };
}

/** @throws Error when a finished run's metrics.csv is not what the run wrote; of older records, when it cannot be that */
export async function checkScores(
  path: string,
  { rows, record }: { rows: readonly ScoreRow[]; record: RunRecord },
): Promise<void> {
  const text = await readTextIfThere(path);
  if (text !== undefined && record.scores && await textHash(text) === record.scores.hash) return;
  const problem = text === undefined
    ? "the run is finished, and the file is not there"
    : tornRows(rows, record) ?? (record.scores && "the file was changed after the run had ended");
  if (problem === undefined) return;
  throw new Error(
    `Cannot read scores: ${problem} (${path}). Put the file back, or move the run's folder away and run it again`,
  );
}

function tornRows(rows: readonly ScoreRow[], { cases, scores }: RunRecord): string | undefined {
  if (scores && rows.length !== scores.rows) {
    return `the run wrote ${scores.rows} rows, the file has ${rows.length}`;
  }
  const scored = new Set(rows.map((row) => row.case));
  const missing = cases.test?.find((id) => !scored.has(id));
  if (missing !== undefined) return `the test case ${missing} has no row`;
  const keys = rows.map((row) => JSON.stringify([row.case, row.dataset, row.organ]));
  const twice = rows[keys.findIndex((key, index) => keys.indexOf(key) < index)];
  return twice && `${twice.organ} of ${twice.case} has two rows`;
}

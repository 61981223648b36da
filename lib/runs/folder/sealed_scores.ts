/**
 * The scores of a finished run are sealed: whoever counts a run may rely on all of its rows.
 *
 * @module
 */
import { join } from "@std/path";
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

/** Tables of a run beside its scores, where it has them. */
const TABLES = ["history.csv", "pseudo_labels.csv", "postprocessing.csv"] as const;

/** What run.json keeps of the tables beside metrics.csv. */
export async function sealTables(folder: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const name of TABLES) {
    const text = await readTextIfThere(join(folder, name));
    if (text !== undefined) hashes[name] = await textHash(text);
  }
  return hashes;
}

/** @throws Error when a finished run's table is not what the run wrote */
export async function checkTable(
  folder: string,
  name: (typeof TABLES)[number],
  record: RunRecord | undefined,
): Promise<void> {
  const hash = record?.status === "finished" ? record.tables?.[name] : undefined;
  if (hash === undefined) return;
  const path = join(folder, name), text = await readTextIfThere(path);
  if (text !== undefined && await textHash(text) === hash) return;
  const problem = text === undefined ? "the run is finished, and the file is not there" : changed;
  throw new Error(`Cannot read table: ${problem} (${path}). ${remedy}`);
}

const changed = "the file was changed after the run had ended";
const remedy = "Put the file back, or move the run's folder away and run it again";

/** @throws Error when a finished run's metrics.csv is not what the run wrote; of older records, when it cannot be that */
export async function checkScores(
  path: string,
  { rows, record }: { rows: readonly ScoreRow[]; record: RunRecord },
): Promise<void> {
  const text = await readTextIfThere(path);
  if (text !== undefined && record.scores && await textHash(text) === record.scores.hash) return;
  const problem = text === undefined
    ? "the run is finished, and the file is not there"
    : tornRows(rows, record) ?? (record.scores && changed);
  if (problem === undefined) return;
  throw new Error(`Cannot read scores: ${problem} (${path}). ${remedy}`);
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

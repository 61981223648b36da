/**
 * Which runs are of one arm: those that are equal in all that decides their results, but for the seed and the fold. What a run did is
 * in its record; what its folder is called decides nothing.
 *
 * @module
 */
import { canonicalJson } from "../files/content_hash.ts";
import type { RunSummary } from "../runs/folder/list_runs.ts";
import type { RunRecord } from "../runs/folder/run_record.ts";
import type { ScoreRow } from "../metrics/score_row.ts";

/** What a run was made from, besides its parameters. */
export const origins = ["methodVersion", "engineVersion", "dataHash", "notebookHash", "inputs"] as const;

export type Origin = (typeof origins)[number];

/**
 * What a run was made from; of a fold what all folds share. Whole subjects move between them, and nothing else, but another tool's
 * predictions are of each fold's own cases: other ones of the same fold are a newer run of it.
 */
export function originOf({ fold, ...record }: RunRecord, origin: Origin): RunRecord[Origin] {
  if (!fold) return record[origin];
  if (origin === "dataHash") return `${fold.dataHash} in ${fold.of}`;
  const { predictions: _, ...inputs } = record.inputs;
  return origin === "inputs" ? inputs : record[origin];
}

/** Runs of one arm, by seed and fold. */
export interface ArmGroup<R extends RunSummary = RunSummary> {
  /** One a seed and fold: the newest. */
  runs: [R, ...R[]];
  /** Older ones of the same seeds and folds, which count nowhere. */
  replaced: R[];
}

/** Groups runs by arm, in the order of their first ones. */
export function groupByArm<R extends RunSummary>(runs: readonly R[]): R[][] {
  return [...Map.groupBy(runs, ({ record }) => madeAlike(record)).values()];
}

/** Equal for runs of one arm. */
export function madeAlike(record: RunRecord): string {
  return canonicalJson([settingsOf(record), origins.map((origin) => originOf(record, origin))]);
}

/**
 * Equal for runs of the same experiment with the same parameters, whatever they were made from. How the cohort was called
 * (its name, or the path of its file) is no difference: the data's hash says which it was.
 */
export function settingsOf({ cohort, experiment, parameters }: RunRecord): string {
  const { seed: _, cohort: __, ...others } = parameters;
  return canonicalJson([cohort, experiment, others]);
}

/** A run's rows with its seed, where it has one. */
export function withSeed(rows: readonly ScoreRow[], seed: number | undefined): readonly ScoreRow[] {
  return seed === undefined ? rows : rows.map((row) => ({ ...row, seed }));
}

/**
 * The newest run of each seed and fold.
 *
 * @param runs one at least
 */
export function newestBySeed<R extends RunSummary>(runs: readonly R[]): ArmGroup<R> {
  const seed = ({ record }: R) => record.seed ?? -1, part = ({ record }: R) => record.fold?.part ?? 0;
  const ordered = [...runs].sort((a, b) => seed(a) - seed(b) || part(a) - part(b) || byAge(a, b));
  const isNewest = (run: R, index: number) => {
    const next = ordered[index + 1];
    return !next || seed(run) !== seed(next) || part(run) !== part(next);
  };
  return {
    // The last one is the newest of its seed and fold.
    runs: ordered.filter(isNewest) as [R, ...R[]],
    replaced: ordered.filter((run, index) => !isNewest(run, index)),
  };
}

/** Compares runs by when they were begun, last of all; then by version. */
export function byAge(a: RunSummary, b: RunSummary): number {
  const [one, other] = [begun(a), begun(b)];
  return one < other ? -1 : one > other ? 1 : a.record.version - b.record.version;
}

function begun({ record }: RunSummary): string {
  return record.attempts.at(-1)?.started ?? "";
}

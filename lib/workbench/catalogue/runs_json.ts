/**
 * Runs and comparisons as JSON for other programs: numbers in full digits.
 *
 * JSON knows no NaN and no infinity: NaN is null, and an infinite distance (HD95 where an organ was missed) the text
 * "Infinity", so that it is not taken for a missing one.
 *
 * @module
 */
import type { ScoredArm } from "../../comparison/score_arms.ts";
import type { CatalogueRun } from "../../comparison/catalogue/catalogue.ts";
import type { RunComparison } from "../../comparison/catalogue/compare_runs.ts";
import { secondsOf } from "../../runs/folder/attempts.ts";

/**
 * A list with, of every run: `run` (its name, such as phantom/mutual/default/v001), `folder` (its path), `cohort`, `experiment`,
 * `seed` (null where it has none), `state`, `parameters`, `meanDice` (over organs and cases, 0…1; null where it is not
 * finished), `started` (ISO 8601) and `seconds` (of all its attempts).
 */
export function runsJson(runs: readonly CatalogueRun[]): string {
  return toJson(runs.map(({ name, folder, record, state, dice }) => ({
    run: name,
    folder,
    cohort: record.cohort,
    experiment: record.experiment,
    seed: record.seed ?? null,
    state,
    parameters: record.parameters,
    meanDice: dice,
    started: record.attempts[0]?.started ?? null,
    seconds: secondsOf(record),
  })));
}

/**
 * An object of `a` and `b` (the runs' names), `parameters` (those that differ: `name`, `a`, `b`; null where the experiment
 * has no such parameter), `others` (what else differs, in words), `scores` (each with its `metric`, such as "dice", the
 * metric's `name`, such as "NSD at 3 mm", its `statistic` over cases, `organ`, `a` and `b`; null where a run has no scores;
 * the mean over organs has the organ null and comes last) and `sameCases`.
 */
export function comparisonJson(a: string, b: string, comparison: RunComparison): string {
  const { parameters, others, sameCases, scores } = comparison;
  return toJson({
    a,
    b,
    parameters: parameters.map(({ name, a = null, b = null }) => ({ name, a, b })),
    others,
    scores: scores.flatMap(({ metric, name, statistic, organs, arms }) => {
      const [one, other] = ["A", "B"].map((run) => arms.find((arm) => arm.name === run));
      return [...organs, null].map((organ, index) => ({
        metric,
        name,
        statistic,
        organ,
        a: valueOf(one, index),
        b: valueOf(other, index),
      }));
    }),
    sameCases,
  });
}

/** Of the organ with this number; behind them comes their mean. */
function valueOf(arm: ScoredArm | undefined, index: number): number | null {
  return arm === undefined ? null : (arm.organs[index] ?? arm.mean).value;
}

function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, entry) => entry === Infinity || entry === -Infinity ? String(entry) : entry,
    2,
  );
}

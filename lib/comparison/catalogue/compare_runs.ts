/**
 * Two runs side by side.
 *
 * @module
 */
import { caseKey, metricsOf } from "../../metrics/score_row.ts";
import { otherTests } from "../same_tests.ts";
import { scoreArms, type ScoredArms } from "../score_arms.ts";
import { canonicalJson } from "../../files/content_hash.ts";
import { differences } from "../../runs/folder/identity.ts";
import type { ParameterValue } from "../../runs/notebooks/parameters.ts";
import type { RunRecord } from "../../runs/folder/run_record.ts";
import type { ScoreRow } from "../../metrics/score_row.ts";

/** A finished run with its scores. */
export interface ScoredRun {
  name: string;
  record: RunRecord;
  scores: readonly ScoreRow[];
}

export interface ParameterDifference {
  name: string;
  /** Undefined where the run's experiment has no such parameter. */
  a: ParameterValue | undefined;
  b: ParameterValue | undefined;
}

export interface RunComparison {
  parameters: ParameterDifference[];
  /** What else differs, in words: `the data`, `the notebook's code`, … */
  others: string[];
  /** Scores of both by each metric that one of them has; arms are called `A` and `B`, and one without scores is missing. */
  scores: ScoredArms[];
  /** Both were scored on the same test cases: equal ids, and where both recorded it, equal scans and truth. */
  sameCases: boolean;
}

/** Compares two runs; organs in the order of `a`. */
export async function compareRuns(a: ScoredRun, b: ScoredRun): Promise<RunComparison> {
  const [mine, theirs] = [a.record.parameters, b.record.parameters];
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
  const rows = { A: a.scores, B: b.scores };
  return {
    parameters: names.filter((name) => mine[name] !== theirs[name]).map((name) => ({
      name,
      a: mine[name],
      b: theirs[name],
    })),
    others: (await differences(a.record, b.record)).filter((what) => what !== "the parameters"),
    scores: metricsOf(rows).map((metric) => scoreArms(rows, { metric })),
    sameCases: casesOf(a) === casesOf(b) && otherTests(a.record, b.record).length === 0,
  };
}

function casesOf({ scores }: ScoredRun): string {
  return canonicalJson([...new Set(scores.map(caseKey))].sort());
}

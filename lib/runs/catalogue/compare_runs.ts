/**
 * Two runs side by side.
 *
 * @module
 */
import { summarise } from "../../metrics/statistics.ts";
import { canonicalJson } from "../content_hash.ts";
import { differences } from "../identity.ts";
import type { ParameterValue } from "../parameters.ts";
import type { RunRecord } from "../run_record.ts";
import type { ScoreRow } from "../scores.ts";

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

/** Of one organ, or of all: `mean`. NaN where a run has no value. */
export interface OrganDifference {
  organ: string;
  /** Mean over cases. */
  dice: { a: number; b: number };
  /** Median over cases, mm; infinite where most cases are missed. */
  hd95: { a: number; b: number };
}

export interface RunComparison {
  parameters: ParameterDifference[];
  /** What else differs, in words: `the data`, `the notebook's code`, … */
  others: string[];
  organs: OrganDifference[];
  /** Both were scored on the same test cases. */
  sameCases: boolean;
}

/** Compares two runs; organs in the order of `a`, their mean last. */
export async function compareRuns(a: ScoredRun, b: ScoredRun): Promise<RunComparison> {
  const [mine, theirs] = [a.record.parameters, b.record.parameters];
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
  const organs = [...new Set([...a.scores, ...b.scores].map(({ organ }) => organ))].map((organ) => ({
    organ,
    dice: { a: diceOf(a, organ), b: diceOf(b, organ) },
    hd95: { a: hd95Of(a, organ), b: hd95Of(b, organ) },
  }));
  const mean = (score: "dice" | "hd95", run: "a" | "b") => meanOf(organs.map((organ) => organ[score][run]));
  return {
    parameters: names.filter((name) => mine[name] !== theirs[name]).map((name) => ({
      name,
      a: mine[name],
      b: theirs[name],
    })),
    others: (await differences(a.record, b.record)).filter((what) => what !== "the parameters"),
    organs: [...organs, {
      organ: "mean",
      dice: { a: mean("dice", "a"), b: mean("dice", "b") },
      hd95: { a: mean("hd95", "a"), b: mean("hd95", "b") },
    }],
    sameCases: casesOf(a) === casesOf(b),
  };
}

function diceOf({ scores }: ScoredRun, organ: string): number {
  return summarise(scores.filter((row) => row.organ === organ).map(({ dice }) => dice)).mean;
}

function hd95Of({ scores }: ScoredRun, organ: string): number {
  return summarise(scores.filter((row) => row.organ === organ).map(({ hd95 }) => hd95)).median;
}

/** The mean of what is defined, of which some may be infinite. */
function meanOf(values: number[]): number {
  const defined = values.filter((value) => !Number.isNaN(value));
  return defined.length > 0 ? defined.reduce((sum, value) => sum + value, 0) / defined.length : NaN;
}

function casesOf({ scores }: ScoredRun): string {
  return canonicalJson([...new Set(scores.map((row) => canonicalJson([row.dataset, row.case])))].sort());
}

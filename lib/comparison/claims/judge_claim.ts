/**
 * A claim card held against the scores of its arms.
 *
 * @module
 */
import { caseKey, type ScoreRow } from "../../metrics/score_row.ts";
import { unknownName } from "../../text/unknown_name.ts";
import type { Interval } from "../bootstrap.ts";
import { compareArms } from "../compare_arms.ts";
import type { Difference } from "../comparison.ts";
import type { Claim, Gate, Outcome } from "./claim.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** A control, and how it behaved. */
export interface JudgedGate {
  gate: Gate;
  value: number;
  passed: boolean;
}

export interface JudgedClaim {
  /** `not tested`: a gate did not hold. */
  verdict: Verdict | "not tested";
  /** The arm's value minus the reference's. */
  difference: Difference;
  /** The metric as tables call it, such as "NSD at 3 mm". */
  metric: string;
  gates: JudgedGate[];
}

/**
 * Judges a claim by the scores of all its seeds.
 *
 * @param rows by the arm's name, with their seeds
 * @throws {Error} An arm has no row, or the card names organs or test sets that the rows do not have.
 */
export function judgeClaim(
  { outcome, gates: wanted }: Pick<Claim, "outcome" | "gates">,
  rows: Readonly<Record<string, readonly ScoreRow[]>>,
): JudgedClaim {
  const gates = wanted.map((gate): JudgedGate => {
    const { mean, difference = mean } = compare(gate, rows), { value } = difference;
    const { atLeast = -Infinity, atMost = Infinity } = gate;
    return { gate, value, passed: value >= atLeast && value <= atMost };
  });
  const { metric, difference } = compare(outcome, rows);
  const verdict = gates.every(({ passed }) => passed) ? verdictOf(difference!, outcome) : "not tested";
  return { verdict, difference: difference!, metric, gates };
}

type Measured = Pick<Outcome, "arm" | "metric" | "organs" | "testSets" | "cells"> & {
  reference?: string | undefined;
};

/** The arm's value and, where there is a reference, its difference from that one; the mean over the organs that count. */
function compare(
  { arm, reference, metric, ...which }: Measured,
  rows: Readonly<Record<string, readonly ScoreRow[]>>,
): { metric: string; mean: Interval; difference?: Difference } {
  const names = [arm, ...reference === undefined ? [] : [reference]];
  const chosen = names.map((name) => [name, rowsThatCount(name, rows[name] ?? [], which)] as const);
  requireSameCases(chosen);
  const comparison = compareArms(Object.fromEntries(chosen), { metric, reference: reference ?? "" });
  const { mean } = comparison.arms.find(({ name }) => name === arm)!;
  return { metric: comparison.name, mean, ...mean.difference && { difference: mean.difference } };
}

function rowsThatCount(
  arm: string,
  rows: readonly ScoreRow[],
  { organs, testSets, cells }: Pick<Outcome, "organs" | "testSets" | "cells">,
): ScoreRow[] {
  requireKnown(
    `the organ of ${arm}`,
    organs ?? cells?.map(([organ]) => organ),
    rows.map(({ organ }) => organ),
  );
  requireKnown(
    `the test set of ${arm}`,
    testSets ?? cells?.map(([, testSet]) => testSet),
    rows.map(({ dataset }) => dataset),
  );
  for (const [organ, testSet] of cells ?? []) {
    if (rows.some((row) => row.organ === organ && row.dataset === testSet)) continue;
    throw new Error(`Cannot judge the claim: ${arm} has no score of ${organ} in ${testSet}`);
  }
  return rows.filter(({ organ, dataset }) =>
    cells
      ? cells.some(([one, testSet]) => one === organ && testSet === dataset)
      : (organs?.includes(organ) ?? true) && (testSets?.includes(dataset) ?? true)
  );
}

/** Pairs are of cases that both arms were scored on: where one has others, it was another experiment. */
function requireSameCases(arms: readonly (readonly [name: string, rows: readonly ScoreRow[]])[]): void {
  const cases = arms.map(([, rows]) => new Set(rows.map(caseKey)));
  arms.forEach(([name, rows], index) => {
    if (rows.length === 0) throw new Error(`Cannot judge the claim: ${name} has no score that counts`);
    const lacking = [...cases[0]!.symmetricDifference(cases[index]!)];
    if (lacking.length === 0) return;
    throw new Error(
      `Cannot judge the claim: ${
        arms[0]![0]
      } and ${name} must be scored on the same cases, of ${lacking.length} one of them has no score, such as ${
        lacking[0]
      }`,
    );
  });
}

function requireKnown(what: string, wanted: readonly string[] = [], there: readonly string[]): void {
  const known = [...new Set(there)];
  const absent = wanted.find((name) => !known.includes(name));
  if (absent !== undefined) throw new Error(`Cannot judge the claim: ${what} ${unknownName(absent, known)}`);
}

/**
 * Whether training has converged: what twice the steps would add.
 *
 * @module
 */
import quantile from "@stdlib/stats-base-dists-t-quantile";
import { mean, sampleStandardDeviation } from "simple-statistics";
import type { RunSummary } from "../runs/folder/list_runs.ts";
import type { HistoryRow } from "../training/recorder.ts";
import { madeAlike } from "./arm_groups.ts";

/** A run of an arm, with the rows of its history.csv. */
export interface TrainedRun {
  arm: string;
  run: Pick<RunSummary, "record">;
  rows: readonly HistoryRow[];
}

/** What an arm's training reached. */
export interface Convergence {
  arm: string;
  /** Optimiser steps of a network, all stages together. */
  steps: number;
  /** One a seed and fold. */
  runs: number;
  /** Best mean Dice of the validation cases: mean over the last stage's networks, then over runs. */
  dice: number;
  /** What the last look at the validation cases added to the best one before it; NaN where there was one look. */
  lastRise: number;
  /** The arm that differs from this one in nothing but that it has twice the steps, where there is one with seeds and folds in common. */
  doubled: Doubling | undefined;
}

/** What twice the steps gain, over the seeds and folds that both arms have. */
export interface Doubling {
  arm: string;
  runs: number;
  gain: number;
  /** Upper end of the gain's one-sided 90 % interval by Student's paired t-test; NaN with one run. */
  bound: number;
}

/** What of a run counts here. */
interface Reached {
  /** Its seed and fold. */
  of: string;
  steps: number;
  dice: number;
  lastRise: number;
}

/** An arm's runs that validated anything, in the order of `runs`. */
export function convergence(runs: readonly TrainedRun[]): Convergence[] {
  const arms = [...Map.groupBy(runs, ({ arm }) => arm)].flatMap(([arm, own]) => {
    const reached = own.flatMap(({ run, rows }) => reachedBy(run, rows) ?? []);
    return reached.length > 0
      ? [{ arm, reached, key: alikeButSteps(own[0]!), steps: reached[0]!.steps }]
      : [];
  });
  return arms.map(({ arm, reached, key, steps }) => {
    const twice = arms.find((other) => other.key === key && other.steps === 2 * steps);
    return {
      arm,
      steps,
      runs: reached.length,
      dice: mean(reached.map(({ dice }) => dice)),
      lastRise: mean(reached.map(({ lastRise }) => lastRise)),
      doubled: twice && doubling(twice.arm, { reached, twice: twice.reached }),
    };
  });
}

function doubling(
  arm: string,
  { reached, twice }: Record<"reached" | "twice", Reached[]>,
): Doubling | undefined {
  const gains = reached.flatMap((one) => {
    const other = twice.find(({ of }) => of === one.of);
    return other ? [other.dice - one.dice] : [];
  });
  if (gains.length === 0) return undefined;
  const n = gains.length, gain = mean(gains);
  const bound = n > 1 ? gain + quantile(0.9, n - 1) * sampleStandardDeviation(gains) / Math.sqrt(n) : NaN;
  return { arm, runs: n, gain, bound };
}

function reachedBy({ record }: TrainedRun["run"], rows: readonly HistoryRow[]): Reached | undefined {
  const looks = rows.filter(({ terms }) => Number.isFinite(terms.validation_dice));
  const last = looks.at(-1)?.stage;
  if (last === undefined) return undefined;
  const models = [...Map.groupBy(looks.filter(({ stage }) => stage === last), ({ model }) => model).values()];
  const best = models.map((own) => Math.max(...own.map(diceOf)));
  const before = models.map((own) => Math.max(...own.slice(0, -1).map(diceOf)));
  const rises = best.map((value, i) => Number.isFinite(before[i]) ? value - before[i]! : NaN);
  const stages = Map.groupBy(rows, ({ stage }) => stage);
  const steps = [...stages.values()].map((own) => Math.max(...own.map(({ step }) => step)));
  return {
    of: JSON.stringify([record.seed, record.fold?.part]),
    steps: steps.reduce((a, b) => a + b),
    dice: mean(best),
    lastRise: mean(rises),
  };
}

function diceOf({ terms }: HistoryRow): number {
  return terms.validation_dice!;
}

function alikeButSteps({ run: { record } }: TrainedRun): string {
  const { partialOrganSteps: _, fullOrganSteps: __, ...parameters } = record.parameters;
  return madeAlike({ ...record, parameters });
}

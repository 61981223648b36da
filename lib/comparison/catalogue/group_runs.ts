/**
 * Runs that differ in their seed only, as one line of a table; and what tells the lines apart.
 *
 * @module
 */
import { scoreArms } from "../score_arms.ts";
import {
  groupByArm,
  newestBySeed,
  type Origin,
  originOf,
  origins,
  settingsOf,
  withSeed,
} from "../arm_groups.ts";
import { canonicalJson } from "../../files/content_hash.ts";
import type { ParameterValue } from "../../runs/notebooks/parameters.ts";
import type { RunState } from "../../runs/folder/run_state.ts";
import type { CatalogueRun } from "./catalogue.ts";

/** The runs of one arm, see {@linkcode groupByArm}. */
export interface RunGroup {
  /** One of them, for all that they have in common. */
  like: CatalogueRun;
  runs: CatalogueRun[];
  /** Seeds of the finished runs, in order: of each the newest counts. */
  seeds: number[];
  /** Which folds of how many the finished runs have, where they are of folds. */
  folds?: { parts: number[]; of: number };
  /**
   * Mean Dice over organs as all tables have it (each case the mean over its seeds), and the standard deviation over seeds
   * of each seed's own; NaN where there is none.
   */
  dice: { mean: number; std: number };
  /** How many runs are in each state. */
  states: Partial<Record<RunState, number>>;
}

/** Groups runs, in the order of their first ones. */
export function groupRuns(runs: readonly CatalogueRun[]): RunGroup[] {
  return groupByArm(runs).map((members): RunGroup => {
    const { runs: finished } = newestBySeed(members.filter(({ state }) => state === "finished"));
    const rows = finished.flatMap(({ record: { seed }, scores }) => withSeed(scores, seed));
    const score = rows.length > 0 ? scoreArms(rows).arms[0]!.mean : undefined;
    const { fold } = members[0]!.record;
    const states: RunGroup["states"] = {};
    for (const { state } of members) states[state] = (states[state] ?? 0) + 1;
    return {
      like: members[0]!,
      runs: members,
      seeds: [...new Set(finished.flatMap(({ record }) => record.seed ?? []))],
      ...fold && { folds: { parts: partsOf(finished), of: fold.of } },
      dice: { mean: score?.value ?? NaN, std: score?.seedDeviation ?? NaN },
      states,
    };
  });
}

function partsOf(runs: readonly CatalogueRun[]): number[] {
  return [...new Set(runs.flatMap(({ record }) => record.fold?.part ?? []))].sort((a, b) => a - b);
}

/** Names of the parameters that runs of a list have with different values, but for cohort and seed. */
export function differingParameters(runs: readonly CatalogueRun[]): string[] {
  const values = new Map<string, Set<ParameterValue>>();
  for (const { record } of runs) {
    for (const [name, value] of Object.entries(record.parameters)) {
      if (!values.has(name)) values.set(name, new Set());
      values.get(name)!.add(value);
    }
  }
  return [...values].filter(([name, set]) => name !== "cohort" && name !== "seed" && set.size > 1).map((
    [name],
  ) => name);
}

/**
 * What tells runs of equal experiments and parameters apart, such as the notebook's code that was changed between them;
 * otherwise two lines of a table would look the same.
 */
export function differingOrigins(runs: readonly CatalogueRun[]): Origin[] {
  const alike = Map.groupBy(runs, ({ record }) => settingsOf(record));
  return origins.filter((origin) =>
    [...alike.values()].some((group) =>
      new Set(group.map(({ record }) => canonicalJson(originOf(record, origin)))).size > 1
    )
  );
}

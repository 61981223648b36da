/**
 * The arms of a study: runs that differ in nothing but their seed, with their scores.
 *
 * @module
 */
import { experiments, findExperiment } from "../methods/experiments.ts";
import { groupByArm, newestBySeed, withSeed } from "./arm_groups.ts";
import { nameArms } from "./arm_names.ts";
import { type ListOptions, listRuns, type RunSummary } from "../runs/folder/list_runs.ts";
import { readWholeRun } from "../runs/folder/read_run.ts";
import { requireSameTests } from "./same_tests.ts";
import { settingWarnings } from "./setting_warnings.ts";
import { ranges } from "../text/ranges.ts";
import type { ScoreRow } from "../metrics/score_row.ts";

export interface Arm {
  /** `mutual`, or with what differs from the experiment's defaults `mutual/ramp_up_0.5`. */
  name: string;
  /** One a seed and fold, the newest of each, in that order. */
  runs: readonly [RunSummary, ...RunSummary[]];
  /** Scores of all its runs, with their seeds. Of folds each has other cases, so that together they are one scoring of all. */
  rows: ScoreRow[];
  /** Sentences on runs that one might look for in it, and that are not counted. */
  notes: string[];
}

/** Where the runs are, and who is told of one that cannot be read and is left out. */
export type ReadArmsOptions = Pick<ListOptions, "results" | "onUnreadable">;

/**
 * The finished runs of a cohort by arm, with their scores; the project's experiments first, in their order, then others by
 * name. One whose record or tables cannot be read is left out, as if it were not there: an older one of its seed is taken.
 *
 * @throws {Error} There is none.
 */
export async function readArms(cohort: string, options: ReadArmsOptions = {}): Promise<Arm[]> {
  const { results = "results", onUnreadable = warn } = options;
  const scores = new Map<RunSummary, ScoreRow[]>(), unreadable: string[] = [];
  const leaveOut = (error: Error) => {
    unreadable.push(error.message);
    onUnreadable(error);
  };
  const listed = await listRuns(cohort, { results, onUnreadable: leaveOut });
  const read = await Promise.allSettled(listed.map(readWholeRun));
  for (const [index, run] of listed.entries()) {
    const rows = read[index]!;
    if (rows.status === "fulfilled") scores.set(run, rows.value);
    else leaveOut(rows.reason);
  }
  const arms = await nameArms(groupByArm([...scores.keys()]));
  if (arms.length === 0) {
    const reason = unreadable.length === 0
      ? `no run is finished (${results})`
      : `no finished run can be read:\n${unreadable.map((message) => `  - ${message}`).join("\n")}`;
    throw new Error(`Cannot read the arms of ${cohort}: ${reason}`);
  }
  return arms.sort(inOrder).map(({ name, members }) => {
    const { runs, replaced } = newestBySeed(members);
    const rows = runs.map((run) => withSeed(scores.get(run)!, run.record.seed));
    const others = arms.filter(({ like }) => like === name).map((other) =>
      `${other.name} is not ${name}: it is older and differs in ${other.differs.join(", ")}.`
    );
    const older = replaced.map((run) =>
      `${run.name} is left out of ${name}: a newer run has its seed${run.record.fold ? " and fold" : ""}.`
    );
    return { name, runs, rows: rows.flat(), notes: [...others, ...older, ...lackingFolds(name, runs)] };
  });
}

function warn({ message }: Error): void {
  console.warn(`Warning: ${message}; it is left out`);
}

/**
 * Scores by the arm's name, as figures, tables and comparisons take them.
 *
 * @throws {Error} Arms were scored on different scans or truth of the same ids.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm } from "consilium/results";
 * import { organTable } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * organTable(scores);
 * ```
 */
export function scoresByArm(arms: readonly Arm[]): Record<string, ScoreRow[]> {
  requireSameTests(arms);
  return Object.fromEntries(arms.map(({ name, rows }) => [name, rows]));
}

/**
 * Sentences on what makes runs that stand side by side unequal, and on runs that are not counted; none where all is well.
 *
 * @example
 * ```ts
 * import { armWarnings, readArms } from "consilium/results";
 *
 * for (const warning of armWarnings(await readArms("hippocampus"))) console.log(warning);
 * ```
 */
export function armWarnings(arms: readonly Arm[]): string[] {
  return [
    ...versionWarnings(arms),
    ...settingWarnings(arms),
    ...arms.flatMap(({ notes }) => notes),
  ];
}

/** A sentence for every method of which arms have runs of several versions. */
export function versionWarnings(arms: readonly { runs: readonly Pick<RunSummary, "record">[] }[]): string[] {
  // Versions of different methods count different things.
  const ofMethods = Map.groupBy(
    arms.flatMap(({ runs }) => runs.map(({ record }) => record)),
    ({ experiment }) => findExperiment(experiment)?.method,
  );
  return [...ofMethods.values()].flatMap((records) => {
    const versions = new Set(records.map(({ methodVersion }) => methodVersion));
    return versions.size > 1
      ? [`Runs of method versions ${[...versions].sort().join(" and ")} stand side by side.`]
      : [];
  });
}

/** Which folds are not there: of cases that were not tested nothing is known. */
function lackingFolds(name: string, runs: readonly RunSummary[]): string[] {
  const { fold } = runs[0]!.record;
  if (!fold) return [];
  return [...Map.groupBy(runs, ({ record }) => record.seed)].flatMap(([seed, own]) => {
    const there = new Set(own.map(({ record }) => record.fold?.part));
    const lacking = Array.from({ length: fold.of }, (_, i) => i + 1).filter((part) => !there.has(part));
    const whose = seed === undefined ? name : `${name}, seed ${seed},`;
    return lacking.length > 0 ? [`${whose} lacks folds ${ranges(lacking)} of ${fold.of}.`] : [];
  });
}

const order = Object.keys(experiments);

function inOrder({ name: a }: { name: string }, { name: b }: { name: string }): number {
  const place = (name: string) => {
    const index = order.indexOf(name.split("/")[0]!);
    return index < 0 ? order.length : index;
  };
  return place(a) - place(b) || (a < b ? -1 : 1);
}

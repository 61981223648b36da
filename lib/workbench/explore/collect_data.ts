/**
 * Gathers what a page to explore is given.
 *
 * @module
 */
import { relative } from "@std/path";
import { type Arm, armWarnings, scoresByArm } from "../../comparison/arms.ts";
import { foldText } from "../../data/cohorts/fold.ts";
import { encodeRows, type ExploredArm, type ExploreData } from "../../explorer/explore_data.ts";
import { findExperiment } from "../../methods/experiments.ts";
import { secondsOf } from "../../runs/folder/attempts.ts";
import type { RunSummary } from "../../runs/folder/list_runs.ts";

export interface CollectOptions {
  cohort: string;
  /** Runs and arms without scores, in words. */
  unfinished: ExploreData["unfinished"];
  /** @default none but those of the arms */
  warnings?: readonly string[];
  /** The page's folder, from which runs are linked. */
  folder: string;
  /** Of each dataset the organs that its training scans show. @default nobody says */
  labelled?: ExploreData["labelled"];
  /** The page is served, and may ask for pictures of cases. @default false: it is a file, and links runs */
  served?: boolean;
}

/** @throws {Error} Arms were scored on different scans or truth of the same ids. */
export function collectData(arms: readonly Arm[], options: CollectOptions): ExploreData {
  const { cohort, unfinished, warnings = [], folder, served = false, labelled } = options;
  scoresByArm(arms); // which may not stand side by side
  const explored = arms.map(({ name, runs, rows }): ExploredArm => ({
    name,
    title: findExperiment(runs[0].record.experiment)?.title ?? name,
    experiment: runs[0].record.experiment,
    parameters: runs[0].record.parameters,
    runs: runs.map((run) => describe(run, served ? undefined : folder)),
    rows: encodeRows(rows),
  }));
  return {
    cohort,
    served,
    ...labelled && { labelled },
    arms: explored,
    differing: differing(explored),
    unfinished,
    warnings: [...armWarnings(arms), ...warnings],
  };
}

function describe({ name, folder: path, record }: RunSummary, folder: string | undefined) {
  return {
    name,
    seed: record.seed,
    fold: record.fold && foldText(record.fold),
    ended: record.attempts.at(-1)?.ended?.slice(0, 16),
    seconds: secondsOf(record),
    path: folder === undefined
      ? undefined
      : relative(folder, path).split("/").map(encodeURIComponent).join("/"),
  };
}

/**
 * Parameters by which arms can be told apart; that an experiment has none is no value. The seed is a run's, and the cohort is the
 * page's.
 */
function differing(arms: readonly ExploredArm[]): string[] {
  const names = new Set(arms.flatMap(({ parameters }) => Object.keys(parameters)));
  const isOne = (name: string) =>
    new Set(arms.flatMap(({ parameters }) => name in parameters ? [parameters[name]] : [])).size === 1;
  return [...names].filter((name) => name !== "seed" && name !== "cohort" && !isOne(name)).sort();
}

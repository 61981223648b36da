/**
 * The arms of a study: runs that differ in nothing but their seed.
 *
 * @module
 */
import { contentHash } from "./content_hash.ts";
import { type ListOptions, listRuns, type RunSummary } from "./list_runs.ts";
import { readMetrics } from "./read_run.ts";
import type { RunRecord } from "./run_record.ts";
import type { ScoreRow } from "./scores.ts";
import { longestSlug } from "./slug.ts";

/** A score, and the seed of the run that has it. */
export interface SeedScoreRow extends ScoreRow {
  seed?: number;
}

export interface Arm {
  /** `mutual`, or with what differs from the notebook's defaults `mutual/rampUp_0.5`. */
  name: string;
  /** One a seed, the newest version of each, by seed. */
  runs: RunSummary[];
  /** Scores of all its runs. */
  rows: SeedScoreRow[];
}

export interface ReadArmsOptions extends Pick<ListOptions, "results"> {
  /** Experiments that stand first; others follow by name. @default [] */
  order?: readonly string[];
}

/**
 * The finished runs of a cohort by arm, with their scores.
 *
 * @throws {Error} There is none.
 */
export async function readArms(
  cohort: string,
  { order = [], ...options }: ReadArmsOptions = {},
): Promise<Arm[]> {
  const runs = new Map<string, Map<number | undefined, RunSummary>>();
  for (const run of await listRuns(cohort, options)) {
    const name = await armName(run.record);
    if (!runs.has(name)) runs.set(name, new Map());
    runs.get(name)!.set(run.record.seed, run); // versions ascend, so the newest stays
  }
  if (runs.size === 0) {
    throw new Error(`Cannot read the arms of ${cohort}: no run is finished (${options.results})`);
  }
  return await Promise.all(
    inOrder([...runs.keys()], order).map(async (name) => {
      const own = [...runs.get(name)!.values()].sort((a, b) => (a.record.seed ?? -1) - (b.record.seed ?? -1));
      const rows = await Promise.all(
        own.map(async (run) => (await readMetrics(run)).map((row) => ({ ...row, seed: run.record.seed }))),
      );
      return { name, runs: own, rows: rows.flat() };
    }),
  );
}

/** Scores by the arm's name, as figures, tables and comparisons take them. */
export function scoresByArm(arms: readonly Arm[]): Record<string, SeedScoreRow[]> {
  return Object.fromEntries(arms.map(({ name, rows }) => [name, rows]));
}

/** Sentences on what makes runs that stand side by side unequal; none where all is well. */
export function armWarnings(arms: readonly Arm[]): string[] {
  const versions = new Set(arms.flatMap(({ runs }) => runs.map(({ record }) => record.methodVersion)));
  const mixed = arms.filter(({ runs }) => new Set(runs.map(({ record }) => record.dataHash)).size > 1);
  return [
    ...versions.size > 1
      ? [`Runs of method versions ${[...versions].sort().join(" and ")} stand side by side.`]
      : [],
    ...mixed.map(({ name }) => `Seeds of ${name} were not trained and tested on the same data.`),
  ];
}

/** The slug without its seed. One that was cut ends in a hash of all parameters, the seed too, and needs another. */
async function armName({ experiment, slug, parameters }: RunRecord): Promise<string> {
  const cut = slug.length === longestSlug;
  const parts = (cut ? slug.slice(0, -9) : slug).split("-");
  const own = parts.filter((part) => !/^seed_\d+$/.test(part) && part !== "default").join("-");
  if (!cut) return own === "" ? experiment : `${experiment}/${own}`;
  const { seed: _, ...others } = parameters;
  return `${experiment}/${own.slice(0, 60)}-${(await contentHash(others)).slice(0, 8)}`;
}

function inOrder(names: string[], order: readonly string[]): string[] {
  const place = (name: string) => {
    const index = order.indexOf(name.split("/")[0]);
    return index < 0 ? order.length : index;
  };
  return names.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/**
 * What there is to choose from, as lines of a command's help.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { readTextIfThere } from "../files/whole_file.ts";
import { listRuns } from "../runs/folder/list_runs.ts";
import { foldersIn } from "../files/folder_contents.ts";
import { columns } from "../text/columns.ts";
import { cohortNames } from "./cohort_paths.ts";
import { claimPath, cohortPath, filesNamed, sweepPath } from "./project.ts";
import { describeExperiment, experimentNames, readProjectExperiment } from "./project_experiments.ts";

/** The experiments with what they are. */
export async function experimentLines(): Promise<string> {
  return await linesOf(await experimentNames(), describeExperiment);
}

/** An experiment's parameters with their defaults and meanings. */
export async function parameterLines(experiment: string): Promise<string> {
  const { defaults } = await readProjectExperiment(experiment);
  return columns(defaults.map(({ name, value, meaning }) => [`${name}=${value}`, meaning] as const));
}

/** The cohorts with the first sentence of their descriptions. */
export async function cohortLines(): Promise<string> {
  return await linesOf(await cohortNames(), (name) => firstSentence(cohortPath(name)));
}

/** Names of the sweeps that come with the project. */
export async function sweepNames(): Promise<string[]> {
  return await filesNamed(dirname(sweepPath("any")), ".json");
}

/** The sweeps with their descriptions. */
export async function sweepLines(): Promise<string> {
  return await linesOf(await sweepNames(), (name) => firstSentence(sweepPath(name)));
}

/** Names of the claim cards that come with the project. */
export async function claimNames(): Promise<string[]> {
  return await filesNamed(dirname(claimPath("any")), ".json");
}

/** The claim cards with what is claimed. */
export async function claimLines(): Promise<string> {
  return await linesOf(await claimNames(), async (name) => {
    const { claim = "" } = JSON.parse(await Deno.readTextFile(claimPath(name)));
    return String(claim);
  });
}

/** The benchmarks with the first lines of their modules. */
export async function benchmarkLines(folder: string, names: readonly string[]): Promise<string> {
  return await linesOf(names, async (name) => {
    const text = await readTextIfThere(join(folder, name, "benchmark.ts")) ?? "";
    return text.match(/^\/\*\*\n \* (.*)/)?.[1] ?? "";
  });
}

/** The cohorts that have runs in a folder of results, with the experiments that were run. */
export async function resultLines(results: string): Promise<string> {
  const rows: [string, string][] = [];
  for (const cohort of (await foldersIn(results)).sort()) {
    const runs = await listRuns(cohort, { results, status: "all", onUnreadable: () => {} });
    const experiments = [...new Set(runs.map(({ record }) => record.experiment))].sort();
    if (experiments.length > 0) rows.push([cohort, experiments.join(", ")]);
  }
  return rows.length === 0 ? "  none yet" : columns(rows);
}

async function linesOf(names: readonly string[], textOf: (name: string) => Promise<string>): Promise<string> {
  // A file that cannot be read is a command's affair; help names it all the same.
  const text = (name: string) => textOf(name).catch(() => "(cannot be read)");
  return columns(await Promise.all(names.map(async (name) => [name, await text(name)] as const)));
}

async function firstSentence(path: string): Promise<string> {
  const { description = "" } = JSON.parse(await Deno.readTextFile(path));
  return String(description).match(/^.*?[.](?=\s|$)/s)?.[0] ?? String(description);
}

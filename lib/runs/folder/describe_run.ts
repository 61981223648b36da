/**
 * What is known of a run before it starts.
 *
 * @module
 */
import { engineVersion } from "../../training/engine_version.ts";
import type { ExperimentNotebook } from "../notebooks/experiment_notebook.ts";
import type { Parameters } from "../notebooks/parameters.ts";
import type { RunDescription } from "./run_folder.ts";
import type { RunFold, RunRecord } from "./run_record.ts";
import { runSlug } from "./slug.ts";

/** What runs record of their data. Of it the hash alone is in their identities, and covers the rest. */
export interface RunData extends Pick<RunRecord, "testHashes" | "settings"> {
  /** Of the resolved, masked data. */
  hash: string;
  /** Ids of the cases by their role, such as `training a`. */
  cases: Record<string, string[]>;
  /** Of a fold: which one, and the hash of what all folds share. */
  fold?: RunFold;
}

/** What decides a run's identity besides its parameters. */
export interface RunSource {
  /** Folder of all results. */
  results: string;
  /** The study's name, which is that of the results' folder. @default the parameter `cohort` */
  cohort?: string;
  /** The experiment's notebook; the run is named after what differs from its defaults. @default none: no defaults */
  notebook?: ExperimentNotebook | undefined;
  data: RunData;
  /** Of the experiment's method; the engine's own is recorded beside it. */
  methodVersion: number;
  /** Hashes of other inputs by name, such as a folder of predictions. @default none */
  inputs?: Record<string, string>;
  /** Compute everything anew, though an equal run or equal stages are there. @default false */
  fresh?: boolean | undefined;
  /** Versions of libraries by name, such as TensorFlow's. @default Deno's alone */
  versions?: Record<string, string>;
}

/**
 * Describes a run: its slug, the hashes of what it depends on.
 *
 * @param parameters all of them
 * @throws Error when the cohort's name cannot be one of a folder
 */
export async function describeRun(
  experiment: string,
  parameters: Parameters,
  source: RunSource,
): Promise<RunDescription> {
  const { notebook } = source;
  const { seed } = parameters;
  const cohort = source.cohort ?? parameters.cohort;
  if (typeof cohort !== "string" || !/^[A-Za-z0-9][\w.-]*$/.test(cohort)) {
    throw new Error(
      `Cannot start ${experiment}: parameter cohort must be a cohort's name, current value is ${cohort}`,
    );
  }
  const { hash, ...data } = source.data;
  return {
    experiment,
    cohort,
    slug: await runSlug(parameters, notebook?.defaults ?? []),
    parameters,
    seed: typeof seed === "number" ? seed : undefined,
    methodVersion: source.methodVersion,
    engineVersion,
    notebookHash: notebook?.codeHash ?? "",
    dataHash: hash,
    ...data,
    inputs: source.inputs ?? {},
    fresh: source.fresh || undefined,
    versions: { deno: Deno.version.deno, ...source.versions },
  };
}

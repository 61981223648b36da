/**
 * What is known of a run before it starts.
 *
 * @module
 */
import { readNotebook, sourceHash } from "./notebook.ts";
import { declaredParameters, type Parameters, resolveParameters } from "./parameters.ts";
import type { RunDescription } from "./run_folder.ts";
import { runSlug } from "./slug.ts";

/** What decides a run's identity besides its parameters. */
export interface RunSource {
  /** Folder of all results. */
  results: string;
  /** The study's name, which is that of the results' folder. @default the parameter `cohort` */
  cohort?: string;
  /** The experiment's notebook; its parameters are declared there. @default none: nothing is declared */
  notebook?: string;
  /** Hash of the resolved, masked data and the resolved case lists by role. */
  data: { hash: string; cases: Record<string, string[]> };
  methodVersion: number;
  /** Hashes of other inputs by name, such as a folder of predictions. @default none */
  inputs?: Record<string, string>;
  /** Versions of libraries by name, such as TensorFlow's. @default Deno's alone */
  versions?: Record<string, string>;
}

/**
 * Describes a run: its parameters checked against the notebook's, its slug, the hashes of what it depends on.
 *
 * @param given the parameters that are known; the notebook's own values stand for the others
 * @throws Error naming everything that is wrong with the parameters
 */
export async function describeRun(
  experiment: string,
  given: Parameters,
  source: RunSource,
): Promise<RunDescription> {
  const notebook = source.notebook === undefined ? undefined : await readNotebook(source.notebook);
  const declared = notebook ? declaredParameters(notebook, source.notebook!) : [];
  const parameters = notebook ? resolveParameters(given, declared) : given;
  const { seed } = parameters;
  const cohort = source.cohort ?? parameters.cohort;
  if (typeof cohort !== "string" || !/^[A-Za-z0-9][\w.-]*$/.test(cohort)) {
    throw new Error(
      `Cannot start ${experiment}: parameter cohort must be a cohort's name, current value is ${cohort}`,
    );
  }
  return {
    experiment,
    cohort,
    slug: await runSlug(parameters, declared),
    parameters,
    seed: typeof seed === "number" ? seed : undefined,
    methodVersion: source.methodVersion,
    notebookHash: notebook ? await sourceHash(notebook) : "",
    dataHash: source.data.hash,
    cases: source.data.cases,
    inputs: source.inputs ?? {},
    versions: { deno: Deno.version.deno, ...source.versions },
  };
}

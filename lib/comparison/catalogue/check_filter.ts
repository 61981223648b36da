/**
 * A filter that nothing can pass, because a name in it is misspelt, is an error and no empty list.
 *
 * @module
 */
import { unknownName } from "../../text/unknown_name.ts";
import type { RunSummary } from "../../runs/folder/list_runs.ts";
import type { RunState } from "../../runs/folder/run_state.ts";

/** What is wanted; everything that is not said is. */
export interface CatalogueFilter {
  cohort?: string | undefined;
  experiment?: string | undefined;
  state?: RunState | undefined;
  /** Parameters' values, as texts. */
  parameters?: Readonly<Record<string, string>> | undefined;
}

/**
 * @param runs all runs of the filter's cohorts
 * @throws {Error} No run has the cohort, the experiment, a parameter's name or its value.
 */
export function checkFilter(runs: readonly RunSummary[], filter: CatalogueFilter): void {
  const { experiment, parameters = {} } = filter;
  let left = runs;
  if (experiment !== undefined) {
    left = left.filter(({ record }) => record.experiment === experiment);
    require(left, "an experiment", { name: experiment, known: runs.map(({ record }) => record.experiment) });
  }
  for (const [name, value] of Object.entries(parameters)) {
    const having = left.filter(({ record }) => Object.hasOwn(record.parameters, name));
    const known = left.flatMap(({ record }) => Object.keys(record.parameters));
    require(having, "a parameter", { name, known });
    left = having.filter((run) => hasParameter(run, name, value));
    const values = having.map(({ record }) => String(record.parameters[name]));
    require(left, `the value of ${name}`, { name: value, known: values });
  }
}

/** @throws {Error} None is left. */
export function require(
  left: readonly unknown[],
  what: string,
  { name, known }: { name: string; known: readonly string[] },
): void {
  if (left.length > 0) return;
  throw new Error(
    `Cannot list runs: ${what} that runs have ${unknownName(name, [...new Set(known)].sort())}`,
  );
}

/** The run has the parameter with the value that a text says: `0.10` is the number 0.1. */
export function hasParameter({ record }: RunSummary, name: string, text: string): boolean {
  const value = record.parameters[name];
  return typeof value === "number" ? text.trim() !== "" && Number(text) === value : String(value) === text;
}

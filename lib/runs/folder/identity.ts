/**
 * When two runs are the same run.
 *
 * @module
 */
import { contentHash } from "../../files/content_hash.ts";
import type { Parameters } from "../notebooks/parameters.ts";

/**
 * All that decides a run's results. The git commit is not among it: a comment in a plot must not invalidate days of
 * work; `methodVersion` and `engineVersion`, raised by hand, say when results change.
 */
export interface RunIdentity {
  experiment: string;
  parameters: Parameters;
  dataHash: string;
  notebookHash: string;
  methodVersion: number;
  engineVersion: number;
  /** Hashes of other inputs by name. */
  inputs: Record<string, string>;
}

const names: Record<keyof RunIdentity, string> = {
  experiment: "the experiment",
  parameters: "the parameters",
  dataHash: "the data",
  notebookHash: "the notebook's code",
  methodVersion: "the version of the method",
  engineVersion: "the version of the engine",
  inputs: "the inputs",
};

const fields = Object.keys(names) as (keyof RunIdentity)[];

export function identityHash(run: RunIdentity): Promise<string> {
  return contentHash(Object.fromEntries(fields.map((field) => [field, run[field]])));
}

/** What differs between two runs, in words. */
export async function differences(a: RunIdentity, b: RunIdentity): Promise<string[]> {
  const differs = await Promise.all(
    fields.map(async (field) => await contentHash(a[field]) !== await contentHash(b[field])),
  );
  return fields.filter((_field, index) => differs[index]).map((field) => names[field]);
}

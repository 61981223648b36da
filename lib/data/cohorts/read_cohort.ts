/**
 * Reading a cohort's file.
 *
 * @module
 */
import { normalize } from "@std/path";
import { InvalidFileError, parseWith, readJson } from "../json_file.ts";
import { type Cohort, CohortFile } from "./cohort.ts";
import { cohortProblems } from "./cohort_rules.ts";

/**
 * Checks a cohort's JSON.
 *
 * @param file its path, for the error
 * @throws {InvalidFileError} with every fault, each beginning with its place in the JSON
 */
export function parseCohort(json: unknown, file: string): Cohort {
  const { value, problems } = parseWith(CohortFile, json);
  const all = value ? cohortProblems(value) : problems;
  if (!value || all.length > 0) throw new InvalidFileError(file, all, "cohort");
  return { ...value, datasets: value.datasets.map(withPlainFolder), test: value.test.map(withPlainFolder) };
}

/** One folder, one text: subjects and scans are told by it, so that `./ct` and `ct` must not be two. */
function withPlainFolder<E extends { folder: string }>(entry: E): E {
  const folder = normalize(entry.folder).replace(/(?<=.)\/+$/, "");
  return { ...entry, folder };
}

/** Reads a cohort's JSON file; throws as {@linkcode parseCohort}. */
export async function readCohort(path: string): Promise<Cohort> {
  return parseCohort(await readJson(path, "cohort"), path);
}

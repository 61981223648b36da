/**
 * Reading a cohort's file.
 *
 * @module
 */
import { normalize } from "@std/path";
import { InvalidFileError, parseWith } from "../json_file.ts";
import { type Cohort, CohortFile, type WrittenCohort } from "./cohort.ts";
import { cohortProblems } from "./cohort_rules.ts";
import { type CohortLayer, readExtended } from "./extend_cohort.ts";
import { withHolders } from "./key_holder.ts";

/**
 * Checks a cohort's JSON.
 *
 * @param file its path, for the error
 * @param options whether the precision `auto` is bfloat16 here. @default it is float32
 * @throws {InvalidFileError} with every fault, each beginning with its place in the JSON
 */
export function parseCohort(json: unknown, file: string, options: { bfloat16?: boolean } = {}): Cohort {
  return settled(checked({ path: file, json }, file), options);
}

function checked(layer: CohortLayer, file: string): WrittenCohort {
  const { json } = layer;
  const { value, problems } = parseWith(CohortFile, json);
  const all = value ? cohortProblems(settled(value)) : problems;
  if (!value || all.length > 0) throw new InvalidFileError(file, withHolders(all, layer), "cohort");
  return { ...value, datasets: value.datasets.map(withPlainFolder), test: value.test.map(withPlainFolder) };
}

/** What was `auto` looks as if it had been written: from here on nobody can tell, and identities are those of what is computed. */
function settled({ network, ...rest }: WrittenCohort, { bfloat16 = false } = {}): Cohort {
  const { precision, ...form } = network;
  const found = precision === "auto" ? bfloat16 ? "bfloat16" : undefined : precision;
  return { ...rest, network: { ...form, ...found && { precision: found } } };
}

/** One folder, one text: subjects and scans are told by it, so that `./ct` and `ct` must not be two. */
function withPlainFolder<E extends { folder: string }>(entry: E): E {
  const folder = normalize(entry.folder).replace(/(?<=.)\/+$/, "");
  return { ...entry, folder };
}

export interface ReadCohortOptions {
  /** Whether the machine has bfloat16; asked where the cohort leaves it to the machine. @default it has not */
  hasBfloat16?: () => Promise<boolean>;
}

/** Reads a cohort's JSON file, and the one that it extends; throws as {@linkcode parseCohort} and {@linkcode readExtended}. */
export async function readCohort(path: string, options: ReadCohortOptions = {}): Promise<Cohort> {
  const written = checked(await readExtended(path), path);
  const bfloat16 = written.network.precision === "auto" && await options.hasBfloat16?.();
  return settled(written, { bfloat16: bfloat16 === true });
}

/**
 * Where a cohort's folders lie: with the user's data, or where a generator made them.
 *
 * @module
 */
import { join } from "@std/path";
import type { Cohort } from "./cohort.ts";
import { makePhantom, PHANTOM_VERSION } from "../phantom/phantom.ts";
import { phantomName } from "../phantom/phantom_options.ts";

export interface DataRoots {
  /** The user's data. May be read-only. */
  dataRoot: string;
  /** Where generated data is kept. */
  generatedRoot: string;
}

/** The folder that the cohort's folders are relative to. Data that is made rather than read is made first. */
export async function prepareDataRoot(
  cohort: Cohort,
  { dataRoot, generatedRoot }: DataRoots,
): Promise<string> {
  if (!cohort.generator) return dataRoot;
  const { phantom } = cohort.generator;
  const folder = join(generatedRoot, phantomName(phantom, PHANTOM_VERSION));
  await makePhantom(folder, phantom);
  return folder;
}

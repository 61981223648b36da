/**
 * Where cohorts and data lie on disk.
 *
 * @module
 */
import { dirname, join, resolve } from "@std/path";
import type { Cohort } from "../data/cohorts/cohort.ts";
import { type Fold, splitFold } from "../data/cohorts/fold.ts";
import { readCohort } from "../data/cohorts/read_cohort.ts";
import { readJson } from "../data/json_file.ts";
import { prepareDataRoot } from "../data/cohorts/data_root.ts";
import { exists } from "../files/whole_folder.ts";
import { askMissingBfloat16 } from "../gpu/ask_bfloat16.ts";
import { foldersIn, isFolder } from "../files/folder_contents.ts";
import { shellWord, typed } from "../setup/typed.ts";
import { unknownName } from "../text/unknown_name.ts";
import { cohortPath, dataRoot, filesNamed, projectFolder } from "./project.ts";

/** Names of the cohorts that come with the project or were planned into it. */
export async function cohortNames(): Promise<string[]> {
  return await filesNamed(dirname(cohortPath("any")), ".json");
}

/** Those, and names with folders, such as `axes/scans_3`, which help and errors do not list but suggest. */
export async function allCohortNames(): Promise<string[]> {
  const root = dirname(cohortPath("any"));
  const within = async (folder: string): Promise<string[]> => {
    const names = (await filesNamed(join(root, folder), ".json")).map((name) => join(folder, name));
    const deeper = await Promise.all(
      (await foldersIn(join(root, folder))).map((name) => within(join(folder, name))),
    );
    return [...names, ...deeper.flat()];
  };
  return await within("");
}

/** Whether a cohort of that name, or of that path, is there; a fold of it that is asked for does not matter. */
export async function isCohort(asked: string): Promise<boolean> {
  return await exists(resolve(cohortPath(splitFold(asked).cohort)));
}

/** A cohort's file, and the fold of it that is asked for. */
export interface FoundCohort {
  cohort: Cohort;
  path: string;
  /** @default the cohort's own test sets, as they are */
  fold?: Fold;
}

export interface FindCohortOptions {
  /**
   * Networks are trained with it: the precision `auto` is what this machine has, of which TensorFlow is asked. What does not train
   * needs no precision, and may not even load TensorFlow.
   * @default false: `auto` is float32
   */
  trains?: boolean;
}

/**
 * Reads a cohort.
 *
 * @param asked a name in experiments/cohorts, or the path of a JSON file, and perhaps a fold: `hippocampus@2/5`
 * @throws when there is none, with the names there are; or as readCohort
 */
export async function findCohort(
  asked: string,
  { trains = false }: FindCohortOptions = {},
): Promise<FoundCohort> {
  const { cohort, ...fold } = splitFold(asked);
  const path = await requireFile(cohort);
  return { cohort: await readCohort(path, trains ? { hasBfloat16 } : {}), path, ...fold };
}

/** @throws as {@linkcode findCohort}, when there is none */
async function requireFile(cohort: string): Promise<string> {
  const path = resolve(cohortPath(cohort));
  if (await exists(path)) return path;
  if (cohort.endsWith(".json")) throw new Error(`Cannot find a cohort: there is no such file (${path})`);
  if (await isFolder(cohort)) {
    throw new Error(
      `Cannot find a cohort: it must be a name or the path of a JSON file, is the folder ${cohort}. To make a cohort of ` +
        `datasets, type: ${typed(`plan ${shellWord(cohort)} … --name <cohort>`)}`,
    );
  }
  const choice = unknownName(cohort, await cohortNames(), await allCohortNames());
  throw new Error(`Cannot find a cohort: it ${choice} (or the path of a JSON file)`);
}

/**
 * What the folder of a cohort's results is called: as its file says, however that was told. What is no cohort any more, or never
 * was, is called what its folder is.
 *
 * @param asked as {@linkcode findCohort}, without a fold: those of a cohort stand together
 * @throws Error when it has a fold, or is a path or a name with a folder of which there is no file
 */
export async function resultsName(asked: string, results: string): Promise<string> {
  const { cohort, fold } = splitFold(asked);
  if (fold) {
    throw new Error(
      `Cannot read results: folds are pooled, so the cohort must be told without one, is ${asked}; type ${cohort}`,
    );
  }
  const isName = !/[/]|\.json$/.test(cohort);
  if (isName && (await exists(join(results, cohort)) || !await isCohort(cohort))) return cohort;
  return (await readCohort(await requireFile(cohort))).name;
}

/** What is typed for a cohort that comes with the project, by the name of its results: `axes/scans_3`; undefined where there is none. */
export async function cohortCalled(name: string): Promise<string | undefined> {
  if (await isCohort(name)) return name;
  for (const typed of await allCohortNames()) {
    // A file that cannot be read is the affair of whoever asks for it.
    const json = await readJson(cohortPath(typed), "cohort").catch(() => null) as { name?: unknown } | null;
    if (json?.name === name) return typed;
  }
  return undefined;
}

async function hasBfloat16(): Promise<boolean> {
  return await askMissingBfloat16() === undefined;
}

export interface RootOfDataOptions {
  /** Make the data of a generated cohort where they are not there. @default true */
  generate?: boolean;
}

/**
 * The folder that a cohort's folders are relative to: CONSILIUM_DATA, by default data/ of the project; for generated
 * cohorts the folder they are generated in, after doing so.
 *
 * @throws when it holds none of the cohort's folders
 */
export async function rootOfData(
  cohort: Cohort,
  { generate = true }: RootOfDataOptions = {},
): Promise<string> {
  const generatedRoot = join(projectFolder, "data", "generated");
  if (cohort.generator && !generate && !await exists(generatedRoot)) {
    throw new Error(
      `Cannot find the data of cohort ${cohort.name}: nothing is generated in ${generatedRoot}`,
    );
  }
  const root = await prepareDataRoot(cohort, { dataRoot: resolve(dataRoot()), generatedRoot });
  const folders = [...new Set([...cohort.datasets, ...cohort.test].map(({ folder }) => folder))];
  const there = await Promise.all(folders.map((folder) => exists(resolve(root, folder))));
  if (!there.includes(true)) {
    throw new Error(
      `Cannot find the data of cohort ${cohort.name}: CONSILIUM_DATA must be the folder that holds ` +
        `${folders.join(", ")}, is ${root}`,
    );
  }
  return root;
}

/**
 * From a cohort's name to cases ready for training.
 *
 * @module
 */
import { resolve } from "@std/path";
import { contentOf, type PreparedStudy, prepareStudy } from "../data/store/prepared_study.ts";
import type { Study } from "../data/cohorts/study.ts";
import { type OrganVectors, readOrganVectors } from "../data/organ_vectors.ts";
import { resolveFolds } from "../data/cohorts/resolve_folds.ts";
import { resolveStudy } from "../data/cohorts/resolve_study.ts";
import { canonicalJson } from "../files/content_hash.ts";
import { findCohort, type FindCohortOptions, rootOfData } from "./cohort_paths.ts";
import type { Fold } from "../data/cohorts/fold.ts";
import { hashesOfCases } from "./hashes/case_hash.ts";
import { casesByRole, hashOfData, hashOfEverybody, settingsOfStudy } from "./hashes/data_hash.ts";
import type { RunData } from "../runs/folder/describe_run.ts";
import { hashingOnce } from "../imaging/scan_hash.ts";
import { withPseudonyms } from "./pseudonyms.ts";
import { projectFolder, storeFolder, vectorsPath } from "./project.ts";

export interface LoadStudyOptions {
  /** Show training and validation cases with every organ annotated in them: the upper bound. @default false */
  showAll?: boolean | undefined;
  /** Vectors of the organs' names: a name of experiments/embeddings, or the path of a JSON file. @default none */
  vectors?: string | undefined;
  signal?: AbortSignal;
  /** Called after every preprocessed case. */
  onProgress?: (done: number, of: number) => void;
}

export interface LoadedStudy extends PreparedStudy {
  /** The cohort as it was asked for: a name or a path, and perhaps a fold. */
  cohort: string;
  /** The licence allows pictures of the scans to be published. */
  publishScans: boolean;
  /** What its runs record of it. */
  data: RunData;
}

export interface FoundStudy extends Study {
  /** Its cases are called by pseudonyms. @default false */
  pseudonyms?: boolean;
  /** The licence allows pictures of the scans to be published. */
  publishScans: boolean;
}

export interface FindStudyOptions extends Pick<LoadStudyOptions, "showAll">, FindCohortOptions {}

/** The cases of a cohort, found and masked but not preprocessed. */
export async function findStudy(
  name: string,
  { showAll, ...options }: FindStudyOptions = {},
): Promise<FoundStudy> {
  const { cohort, fold } = await findCohort(name, options);
  const root = await rootOfData(cohort);
  const study = await withPseudonyms(
    cohort,
    (names) => resolveStudy(cohort, { dataRoot: root, fold, showAll, ...names }),
  );
  return { ...study, publishScans: cohort.publishScans, ...cohort.pseudonyms && { pseudonyms: true } };
}

/** All folds of the cohort that a fold is of, to be trained with. */
async function findFolds(
  name: string,
  { of, showAll }: Pick<LoadStudyOptions, "showAll"> & Fold,
): Promise<Study[]> {
  const { cohort } = await findCohort(name, { trains: true });
  const root = await rootOfData(cohort);
  return await withPseudonyms(
    cohort,
    (names) => resolveFolds(cohort, { dataRoot: root, of, showAll, ...names }),
  );
}

/**
 * Loads a cohort by name (of experiments/cohorts) or path: finds its cases, masks their labels and preprocesses
 * what is not in the store yet.
 *
 * @throws Error with all problems of the cohort's file or of its data
 */
export async function loadStudy(name: string, options: LoadStudyOptions = {}): Promise<LoadedStudy> {
  const { publishScans, pseudonyms, ...found } = await findStudy(name, {
    showAll: options.showAll,
    trains: true,
  });
  const study: Study = {
    ...found,
    ...options.vectors && { vectors: await vectorsOf(found, options.vectors) },
  };
  const hashFile = hashingOnce();
  const prepared = await prepareStudy(study, { folder: storeFolder, hashFile, ...options });
  const roles = [...casesByRole(prepared), ["test", study.test] as const];
  const cases = Object.fromEntries(roles.map(([role, all]) => [role, all.map(({ id }) => id)]));
  const data: RunData = {
    hash: await hashOfData(prepared, hashFile),
    cases,
    // Whoever has the scans could tell by their hashes which they are.
    ...!pseudonyms && { testHashes: await hashesOfCases(study, hashFile) },
    settings: settingsOfStudy(study),
  };
  if (study.fold) {
    const folds = await findFolds(name, { ...study.fold, showAll: options.showAll });
    data.fold = {
      ...study.fold,
      dataHash: await hashOfEverybody(folds, { hashFile, vectors: prepared.vectors }),
    };
  }
  const loaded = { ...prepared, cohort: name, publishScans, data };
  contents.set(loaded.data, contentOfStudy(loaded));
  return loaded;
}

function vectorsOf({ organs }: Study, vectors: string): Promise<OrganVectors> {
  return readOrganVectors(resolve(projectFolder, vectorsPath(vectors)), organs.map(({ name }) => name));
}

/** What studies held when they were loaded, by the object that names it and that copies of a study share. */
const contents = new WeakMap<LoadedStudy["data"], string>();

/** Whether a study still holds what its hash is of: a cell may have changed it, or made a changed copy. */
export function isAsLoaded(study: LoadedStudy): boolean {
  const loaded = contents.get(study.data);
  return loaded === undefined || loaded === contentOfStudy(study);
}

function contentOfStudy(study: LoadedStudy): string {
  const datasets = study.datasets.map(({ training, validation, unlabelled, ...dataset }) => ({
    ...dataset,
    training: training.map(contentOf),
    validation: validation.map(contentOf),
    unlabelled: unlabelled?.map(contentOf),
  }));
  const {
    name,
    cohort,
    organs,
    groups,
    preprocessing,
    patch,
    network,
    training,
    test,
    vectors,
    nominalSpacing,
  } = study;
  return canonicalJson([
    name,
    cohort,
    datasets,
    organs,
    groups,
    preprocessing,
    patch,
    network,
    training,
    test,
    vectors,
    nominalSpacing,
  ]);
}

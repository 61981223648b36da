/**
 * What a run's identity holds of its data: a hash of all that a study learns from and is tested on.
 *
 * @module
 */
import { type HashFile, hashingOnce, hashOfFile } from "../../imaging/scan_hash.ts";
import type { Study, StudyCase, StudyScan } from "../../data/cohorts/study.ts";
import { leavesOf } from "../../data/groups.ts";
import { contentOf, type PreparedDataset, type PreparedStudy } from "../../data/store/prepared_study.ts";
import type { StoredCase } from "../../data/store/stored_case.ts";
import { contentHash } from "../../files/content_hash.ts";
import { bfloat16Version } from "../../training/engine_version.ts";

/** The cases that are learnt from, by their role, such as `training a`. */
export function casesByRole({ datasets }: Pick<PreparedStudy, "datasets">): [string, StoredCase[]][] {
  return datasets.flatMap(({ name, training, validation, unlabelled }): [string, StoredCase[]][] => [
    [`training ${name}`, training],
    [`validation ${name}`, validation],
    ...unlabelled ? [[`unlabelled ${name}`, unlabelled] satisfies [string, StoredCase[]]] : [],
  ]);
}

/**
 * The hash of a study's masked data and settings.
 *
 * Some things are part of it only where they are not as usual, because they joined it late and the hashes of finished runs must
 * stay: what is as usual follows from the rest. So are the values of a test case's label map, where one is not its organ's own
 * number (test cases are hashed as their files are; of others the hash is of the masked map, in which values are organs already);
 * a dataset's shown organs, where they are more than those annotated in its cases (a network has channels for all of them); and
 * the version of bfloat16, where a network computes in it; vectors of organs' names, where a method asks for them; and that lengths are nominal.
 */
export async function hashOfData(
  study: PreparedStudy,
  hashFile: HashFile = hashOfFile,
): Promise<string> {
  const shownMore = study.datasets.filter(showsMore).map(({ name, organs }) => [name, organs]);
  return await contentHash({
    stored: casesByRole(study).map(([role, all]) => [role, all.map(contentOf)]),
    test: await Promise.all(study.test.map((one) => testFiles(one, hashFile))),
    settings: [
      study.organs,
      study.preprocessing,
      study.patch,
      study.network,
      study.training,
      ...study.groups ? [study.groups] : [],
    ],
    ...shownMore.length > 0 && { shown: shownMore },
    ...study.network.precision === "bfloat16" && { bfloat16: bfloat16Version },
    ...study.nominalSpacing && { nominalSpacing: true },
    ...study.vectors && { vectors: [study.vectors.background, study.vectors.organs] },
  });
}

export interface HashEverybodyOptions {
  /** @default reads each file once */
  hashFile?: HashFile;
  /** Of the organs' names, which folds share. @default none were asked for */
  vectors?: Study["vectors"];
}

/**
 * What all folds of a study have in common, so that their runs can be pooled: settings, what datasets show, and who is in which role of
 * which fold, with the scans and label maps. Whatever dealt the folds, such as `splitSeed`, is known by what it dealt.
 *
 * @param folds all of them, in order
 */
export async function hashOfEverybody(
  folds: readonly Study[],
  { hashFile = hashingOnce(), vectors }: HashEverybodyOptions = {},
): Promise<string> {
  // One after the other: scans of a whole study need not fit into memory.
  const filesOf = async (all: readonly (StudyScan | StudyCase)[]) => {
    const files = [];
    for (const one of all) {
      const { declared: _, ...told } = { declared: [], ...one }, image = await hashFile(one.image);
      files.push({ ...told, image, ..."label" in one && { label: await hashFile(one.label) } });
    }
    return files;
  };
  const dealt = [];
  for (const { datasets, test } of folds) {
    for (const { name, organs, training, validation, unlabelled = [] } of datasets) {
      const roles = [await filesOf(training), await filesOf(validation), await filesOf(unlabelled)];
      dealt.push({ name, organs, roles });
    }
    dealt.push(await filesOf(test));
  }
  const { organs, groups, preprocessing, patch, network, training, nominalSpacing } = folds[0]!;
  return await contentHash({
    dealt,
    settings: { organs, groups, preprocessing, patch, network, training },
    ...nominalSpacing && { nominalSpacing },
    ...vectors && { vectors: [vectors.background, vectors.organs] },
  });
}

/** What a cohort gives every method besides cases and labels. What is computed alike is equal in it, however the file says it. */
export function settingsOfStudy({ preprocessing, patch, network, training }: Study): Record<string, unknown> {
  const { precision = "float32", ...form } = network;
  const arithmetic = precision === "bfloat16" ? { precision, bfloat16Version } : { precision };
  return { preprocessing, patch, network: { ...form, ...arithmetic }, training };
}

/** Whether a dataset shows an organ that is annotated in none of its cases. */
function showsMore({ organs, training, validation }: PreparedDataset): boolean {
  const annotated = [...training, ...validation].flatMap(({ labelSet, groups }) =>
    leavesOf(labelSet, groups)
  );
  return organs.some((organ) => !annotated.includes(organ));
}

async function testFiles(
  { id, image, label, labelSet, values, without, ignored }: Study["test"][number],
  hashFile: HashFile,
) {
  const [scan, truth] = await Promise.all([image, label].map(hashFile));
  const usual = Object.entries(values).every(([value, organ]) => Number(value) === organ);
  return { id, scan, truth, labelSet, ignored, ...!usual && { values }, ...without && { without } };
}

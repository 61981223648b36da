/**
 * What a run's identity holds of its data where predictions come from elsewhere: the truth that they are scored by.
 *
 * @module
 */
import type { Study } from "../../data/cohorts/study.ts";
import { contentHash } from "../../files/content_hash.ts";
import { type HashFile, hashOfFile } from "../../imaging/scan_hash.ts";

/** The hash of a study's test cases: their label maps, and what values mean there. */
export async function hashOfTruth(
  { organs, groups, test }: Study,
  hashFile: HashFile = hashOfFile,
): Promise<string> {
  const truths = [];
  // One after the other: label maps of a whole study need not fit into memory.
  for (const { id, label, values, ignored } of test) {
    truths.push([id, values, await hashFile(label), ...ignored === undefined ? [] : [ignored]]);
  }
  return await contentHash({ organs, groups, test: truths });
}

/**
 * What all folds of a study have in common, so that scores of them can be pooled: which cases each tests, and their truth.
 *
 * @param folds all of them, in order
 */
export async function hashOfAllTruth(
  folds: readonly Study[],
  hashFile: HashFile = hashOfFile,
): Promise<string> {
  const hashes = [];
  for (const fold of folds) hashes.push(await hashOfTruth(fold, hashFile));
  return await contentHash(hashes);
}

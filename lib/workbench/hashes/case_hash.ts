/**
 * What runs record of their test cases, so that nobody takes scores, or a prediction, of one scan for those of another one of its id.
 *
 * @module
 */
import { namesOfLabels, type Study, type StudyCase } from "../../data/cohorts/study.ts";
import { contentHash } from "../../files/content_hash.ts";
import { exists } from "../../files/whole_folder.ts";
import type { RunRecord } from "../../runs/folder/run_record.ts";
import { type HashFile, hashOfFile } from "../../imaging/scan_hash.ts";

type Scored = Pick<Study, "organs" | "groups">;

export interface HashCaseOptions extends Scored {
  /** @default hashOfFile */
  hashFile?: HashFile;
}

/**
 * The hash of what a test case's scores are of: its scan, its truth, and what is scored in it, by names. Roles and labels of other
 * cases, or an organ more in the vocabulary, are no part of it.
 */
export async function hashOfCase(
  { image, label, labelSet, values, ignored }: StudyCase,
  { organs, groups = [], hashFile = hashOfFile }: HashCaseOptions,
): Promise<string> {
  const names = namesOfLabels({ organs, groups });
  const scored = [...organs, ...groups].filter(({ number }) => labelSet.includes(number)).map((one) => [
    one.name,
    one.nsdToleranceMm,
    "parts" in one ? one.parts.map((organ) => names.get(organ)).sort() : [],
  ]);
  const meanings = Object.entries(values).map(([value, organ]) => [value, names.get(organ)]);
  const [scan, truth] = [await hashFile(image), await hashFile(label)];
  return await contentHash({ scan, truth, scored: inOrder(scored), meanings: inOrder(meanings), ignored });
}

/** {@linkcode hashOfCase} of all test cases, by their ids. */
export async function hashesOfCases(
  { test, ...study }: Scored & Pick<Study, "test">,
  hashFile: HashFile = hashOfFile,
): Promise<Record<string, string>> {
  const hashes: [id: string, hash: string][] = [];
  // One after the other: scans of a whole study need not fit into memory.
  for (const one of test) hashes.push([one.id, await hashOfCase(one, { ...study, hashFile })]);
  // Not by assignment, which a case called __proto__ would get lost in.
  return Object.fromEntries(hashes);
}

/**
 * Whether a test case is still what a run was scored on; undefined where nobody knows: older runs recorded nothing of their cases, or
 * the truth is not at hand.
 */
export async function isCaseOf(
  { testHashes }: Pick<RunRecord, "testHashes">,
  { test, study }: { test: StudyCase; study: Scored },
): Promise<boolean | undefined> {
  const recorded = testHashes && Object.hasOwn(testHashes, test.id) ? testHashes[test.id] : undefined;
  if (recorded === undefined || !await exists(test.label)) return undefined;
  return recorded === await hashOfCase(test, study);
}

function inOrder(all: readonly unknown[]): unknown[] {
  return all.map((one) => JSON.stringify(one)).sort();
}

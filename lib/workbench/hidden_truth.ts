/**
 * THE DOOR TO HIDDEN LABELS. What a cohort hides from training is read here and nowhere else: for reports on pseudo labels and
 * for figures that put the truth beside them. Nothing that comes through here may reach a label map, a loss, a choice of
 * checkpoints or a parameter.
 *
 * @module
 */
import type { StudyCase } from "../data/cohorts/study.ts";
import { leavesOf } from "../data/groups.ts";
import type { LabelSet } from "../data/label_set.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import { loadMasked } from "../data/load_masked.ts";
import { toRas } from "../imaging/orientation.ts";
import { resampleLabels } from "../imaging/resample_labels.ts";
import { contentHash } from "../files/content_hash.ts";
import { hashOfFile } from "../imaging/scan_hash.ts";
import { findStudy, type LoadedStudy } from "./load_study.ts";

/** A case's label map with every annotated organ, on the training grid. */
export interface Truth {
  /** [depth, height, width] codes. */
  labels: Uint8Array;
  organs: LabelSet;
}

/** Reads training cases' label maps with nothing hidden; of unlabelled cases nothing is known. */
export async function hiddenTruth(
  study: LoadedStudy,
): Promise<(stored: StoredCase) => Promise<Truth | undefined>> {
  const cases = await openCases(study);
  return async (stored: StoredCase) => {
    const found = cases.get(keyOf(stored));
    if (!found) return undefined;
    const labels = resampleLabels(toRas(await loadMasked(found)), study.preprocessing.spacingMm);
    return { labels: labels.data, organs: found.labelSet };
  };
}

/**
 * What of the hidden truth is told of training cases: a hash of the label maps that hold an organ which the study hides, and of
 * how they are read. Undefined where none does. For the identity of what a report is computed in, never of what is learnt.
 */
export async function hiddenTruthHash(study: LoadedStudy): Promise<string | undefined> {
  const cases = await openCases(study);
  const told = study.datasets.flatMap(({ training }) => training).flatMap((stored) => {
    const found = cases.get(keyOf(stored)), known = leavesOf(stored.labelSet, stored.groups);
    return found?.labelSet.some((label) => label <= study.organs.length && !known.includes(label))
      ? [found]
      : [];
  });
  if (told.length === 0) return undefined;
  const truths = [];
  // One after the other: label maps of a whole dataset need not fit into memory.
  for (const { id, label, labelSet, values, ignored } of told) {
    truths.push({ id, truth: await hashOfFile(label), labelSet, values, ignored });
  }
  return await contentHash(truths);
}

/** Datasets may share a scan, and call its organs otherwise. */
function keyOf({ dataset, id }: Pick<StoredCase, "dataset" | "id">): string {
  return JSON.stringify([dataset, id]);
}

/** Training cases with nothing hidden, by their keys. */
async function openCases(study: LoadedStudy): Promise<Map<string, StudyCase>> {
  const open = await findStudy(study.cohort, { showAll: true });
  return new Map(open.datasets.flatMap(({ training }) => training).map((one) => [keyOf(one), one]));
}
